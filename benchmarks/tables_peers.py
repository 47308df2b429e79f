"""The other libraries' models: what a careful user would run without tuning.

Boosted trees get a learning rate of 0.05 (CatBoost: its own choice), at most 1,000 rounds (CatBoost) or 2,000, stopped
when 50 rounds bring nothing on 15 % of the training rows; then the number of rounds found is used on all training
rows. Everything else is the library's default; categories and missing cells are handled by the library. RealMLP is
``RealMLP_TD`` of pytabkit as its documentation recommends for log loss; missing numbers are imputed by the median,
beside an indicator, since it takes none.

Each function takes a `Split` and returns two predictions of the test rows: of the final model, and of the one stopped
early (the same for RealMLP), with the processor seconds until the latter.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

Array = np.ndarray[Any, Any]
HOLD_OUT, PATIENCE, ROUNDS, RATE = 0.15, 50, 2000, 0.05


@dataclass(frozen=True)
class Split:
    """Features and target of the training rows, features of the test rows; ``classes`` is 0 for a regression."""

    x: pd.DataFrame
    y: Array
    x_test: pd.DataFrame
    classes: int
    seed: int

    @property
    def categories(self) -> list[str]:
        """The columns that hold categories."""
        return [name for name in self.x if not pd.api.types.is_numeric_dtype(self.x[name])]

    def as_category_type(self) -> Split:
        """With pandas categories, those of the training rows; others are missing cells."""
        x, x_test = self.x.copy(), self.x_test.copy()
        for name in self.categories:
            x[name] = x[name].astype("category")
            x_test[name] = x_test[name].astype(x[name].dtype)
        return replace(self, x=x, x_test=x_test)

    def as_text(self) -> Split:
        """With missing categories as a category of their own."""
        x, x_test = self.x.copy(), self.x_test.copy()
        for frame in (x, x_test):
            frame[self.categories] = frame[self.categories].fillna("missing").astype(str)
        return replace(self, x=x, x_test=x_test)

    def hold_out(self) -> tuple[pd.DataFrame, pd.DataFrame, Array, Array]:
        """Rows to train on and rows to stop by: x, x, y, y."""
        from sklearn.model_selection import train_test_split

        labels = self.y if self.classes and np.bincount(self.y).min() > 1 else None
        found: Any = train_test_split(self.x, self.y, test_size=HOLD_OUT, random_state=self.seed, stratify=labels)
        return tuple(found)  # type: ignore[return-value]


def predict(model: Any, split: Split) -> Array:
    """Values, or the probabilities of all classes."""
    if not split.classes:
        return np.asarray(model.predict(split.x_test)).ravel()
    return np.asarray(model.predict_proba(split.x_test))


def both(split: Split, early: Any, refit: Callable[[], Any]) -> tuple[Array, Array, float]:
    """The predictions of the refitted and of the early model."""
    first, spent = predict(early, split), time.process_time()
    return predict(refit(), split), first, spent


def hist_gradient_boosting(split: Split) -> tuple[Array, Array, float]:
    """scikit-learn's, with its own early stopping."""
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    split = split.as_category_type()
    make = HistGradientBoostingClassifier if split.classes else HistGradientBoostingRegressor
    shared = {"learning_rate": RATE, "random_state": split.seed, "categorical_features": "from_dtype"}
    stopping = {"early_stopping": True, "validation_fraction": HOLD_OUT, "n_iter_no_change": PATIENCE, "tol": 0.0}
    early = make(max_iter=ROUNDS, **stopping, **shared).fit(split.x, split.y)
    best = max(int(np.argmax(early.validation_score_)), 1)
    return both(split, early, lambda: make(max_iter=best, early_stopping=False, **shared).fit(split.x, split.y))


def lightgbm(split: Split) -> tuple[Array, Array, float]:
    """LightGBM."""
    from lightgbm import LGBMClassifier, LGBMRegressor, early_stopping

    split = split.as_category_type()
    make = LGBMClassifier if split.classes else LGBMRegressor
    shared = {"learning_rate": RATE, "random_state": split.seed, "n_jobs": 1, "verbose": -1}
    x, x_stop, y, y_stop = split.hold_out()
    stop = early_stopping(PATIENCE, verbose=False)
    early = make(n_estimators=ROUNDS, **shared).fit(x, y, eval_set=[(x_stop, y_stop)], callbacks=[stop])
    best = max(early.best_iteration_ or ROUNDS, 1)
    return both(split, early, lambda: make(n_estimators=best, **shared).fit(split.x, split.y))


def xgboost(split: Split) -> tuple[Array, Array, float]:
    """XGBoost."""
    from xgboost import XGBClassifier, XGBRegressor

    split = split.as_category_type()
    make = XGBClassifier if split.classes else XGBRegressor
    shared = {"learning_rate": RATE, "random_state": split.seed, "n_jobs": 1, "enable_categorical": True}
    x, x_stop, y, y_stop = split.hold_out()
    early = make(n_estimators=ROUNDS, early_stopping_rounds=PATIENCE, **shared)
    early.fit(x, y, eval_set=[(x_stop, y_stop)], verbose=False)
    best = early.best_iteration + 1
    return both(split, early, lambda: make(n_estimators=best, **shared).fit(split.x, split.y))


def catboost(split: Split) -> tuple[Array, Array, float]:
    """CatBoost; the learning rate is its own choice for 1,000 rounds."""
    from catboost import CatBoostClassifier, CatBoostRegressor

    split = split.as_text()
    make = CatBoostClassifier if split.classes else CatBoostRegressor
    shared = {"random_seed": split.seed, "thread_count": 1, "verbose": False, "allow_writing_files": False}
    shared["cat_features"] = split.categories
    x, x_stop, y, y_stop = split.hold_out()
    early = make(iterations=1000, **shared)
    early.fit(x, y, eval_set=(x_stop, y_stop), early_stopping_rounds=PATIENCE)
    chosen = {"iterations": max(early.tree_count_, 1), "learning_rate": early.learning_rate_}
    return both(split, early, lambda: make(**chosen, **shared).fit(split.x, split.y))


def realmlp(split: Split) -> tuple[Array, Array, float]:
    """RealMLP with its tuned defaults."""
    from pytabkit import RealMLP_TD_Classifier, RealMLP_TD_Regressor
    from sklearn.impute import SimpleImputer

    split = split.as_text()
    categories = split.categories
    numbers = [name for name in split.x if name not in categories]
    imputer = SimpleImputer(strategy="median", add_indicator=True).set_output(transform="pandas")
    if numbers:
        x, x_test = imputer.fit_transform(split.x[numbers]), imputer.transform(split.x_test[numbers])
        split = replace(split, x=x.join(split.x[categories]), x_test=x_test.join(split.x_test[categories]))
    shared = {"device": "cpu", "n_threads": 1, "random_state": split.seed}
    if split.classes:
        model = RealMLP_TD_Classifier(val_metric_name="cross_entropy", use_ls=False, **shared)
    else:
        model = RealMLP_TD_Regressor(**shared)
    model.fit(split.x, split.y, cat_col_names=categories)
    predicted = predict(model, split)
    return predicted, predicted, time.process_time()


PEERS: dict[str, Callable[[Split], tuple[Array, Array, float]]] = {
    "HistGradientBoosting": hist_gradient_boosting,
    "LightGBM": lightgbm,
    "XGBoost": xgboost,
    "CatBoost": catboost,
    "RealMLP": realmlp,
}
