"""Tables larger than memory: a `Source` in shards, the `survey` of its columns and rows, streamed fits."""

from .any_size import fit_any_size, fit_each
from .fit import fit
from .source import Source, open_source
from .survey import Survey, survey

__all__ = ["Source", "Survey", "fit", "fit_any_size", "fit_each", "open_source", "survey"]
