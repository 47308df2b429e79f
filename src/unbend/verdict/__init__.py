"""Linear or network? Both models on the same held-out rows, and the verdict that follows."""

from .compare import Comparison, compare
from .decide import Decision, corrected_interval, decide
from .model import Model
from .network_model import NetworkModel, fit_network
from .pipeline import fit_table
from .progress import Step
from .request import Request
from .result import Result
from .scored_model import ScoredModel
from .settings import Settings
from .several_targets import Results

__all__ = [
    "Comparison",
    "Decision",
    "Model",
    "NetworkModel",
    "Request",
    "Result",
    "Results",
    "ScoredModel",
    "Settings",
    "Step",
    "compare",
    "corrected_interval",
    "decide",
    "fit_network",
    "fit_table",
]
