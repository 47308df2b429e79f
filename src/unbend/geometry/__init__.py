"""Where a network is straight: collapse, local maps, exact pieces, ranges, lossless shrinking."""

from .collapse import collapse
from .difference import Difference, Equality, equal, max_difference
from .local import Bend, Explanation, LocalMap, explain, local_map
from .ranges import OutputRange, output_range
from .regions import Map, Regions, regions
from .sampling import Sampled
from .shrink import Shrunk, shrink

__all__ = [
    "Bend",
    "Difference",
    "Equality",
    "Explanation",
    "LocalMap",
    "Map",
    "OutputRange",
    "Regions",
    "Sampled",
    "Shrunk",
    "collapse",
    "equal",
    "explain",
    "local_map",
    "max_difference",
    "output_range",
    "regions",
    "shrink",
]
