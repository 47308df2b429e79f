"""Estimators with scikit-learn's interface; the only package that depends on scikit-learn.

Inside, ``import sklearn`` is the library: this package is only ever ``unbend.sklearn``.
"""

from ..words import say

try:
    from sklearn.utils.validation import validate_data as _  # noqa: F401  (new in 1.6)
except ImportError as error:
    raise ImportError(say("estimators.missing")) from error

from .formula_regressor import FormulaRegressor
from .network_classifier import NetworkClassifier
from .network_regressor import NetworkRegressor
from .straight_or_bent import StraightOrBent
from .text_estimators import TextClassifier, TextRegressor

__all__ = [
    "FormulaRegressor",
    "NetworkClassifier",
    "NetworkRegressor",
    "StraightOrBent",
    "TextClassifier",
    "TextRegressor",
]
