"""Tables larger than memory: a `Source` in shards, the `survey` of its columns and rows, streamed fits."""

from .source import Source, open_source
from .survey import Survey, survey

__all__ = ["Source", "Survey", "open_source", "survey"]
