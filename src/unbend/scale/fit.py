"""`fit`: a table → a `Result` with the verdict and both models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, overload

from ..memory import memory_limit
from ..verdict import Request, Result, Results, Step
from ..verdict.cost_arguments import ClassWeight, Cost
from ..verdict.progress import Watch
from ..verdict.progress_line import ProgressLine
from .any_size import fit_any_size, fit_each


@overload
def fit(
    table: Any,
    target: str,
    *,
    task: str | None = None,
    model: str = "auto",
    formula: str | None = None,
    budget: float = 60.0,
    seed: int = 0,
    group: str | None = None,
    time: str | None = None,
    drop: Sequence[str] = (),
    types: Mapping[str, str] | None = None,
    keep: Sequence[str] = (),
    text: Sequence[str] = (),
    no_text: Sequence[str] = (),
    sheet: str | int | None = None,
    query: str | None = None,
    watch: Watch | None = None,
    by_clock: bool = True,
    checkpoint: str | Path | None = None,
    resume: bool = False,
    positive: str | None = None,
    class_weight: ClassWeight = None,
    cost: Cost = None,
    trees: bool = False,
    test: Any = None,
    progress: bool = False,
    memory: str | None = None,
    skip_bad: bool = False,
    client: Any = None,
) -> Result: ...
@overload
def fit(table: Any, target: list[str] | tuple[str, ...], **arguments: Any) -> Results: ...
def fit(  # type: ignore[misc]  # the arguments of the second overload are those of the first
    table: Any,
    target: str | list[str] | tuple[str, ...],
    *,
    task: str | None = None,
    model: str = "auto",
    formula: str | None = None,
    budget: float = 60.0,
    seed: int = 0,
    group: str | None = None,
    time: str | None = None,
    drop: Sequence[str] = (),
    types: Mapping[str, str] | None = None,
    keep: Sequence[str] = (),
    text: Sequence[str] = (),
    no_text: Sequence[str] = (),
    sheet: str | int | None = None,
    query: str | None = None,
    watch: Watch | None = None,
    by_clock: bool = True,
    checkpoint: str | Path | None = None,
    resume: bool = False,
    positive: str | None = None,
    class_weight: ClassWeight = None,
    cost: Cost = None,
    trees: bool = False,
    test: Any = None,
    progress: bool = False,
    memory: str | None = None,
    skip_bad: bool = False,
    client: Any = None,
) -> Result | Results:
    """Does this table need a neural network, or is a linear model enough?

    Both models are compared on the same held-out rows by repeated cross-validation with all preprocessing inside each
    fold, then fitted to all rows. The same arguments and seed give the same result, bit by bit, unless the budget cut
    the work, which `Result.notes` then says.

    Parameters
    ----------
    table : path, str, data frame, Arrow table, dict or array
        A file (CSV, JSON, Excel, Parquet, Feather, SQLite, DuckDB, also compressed) or folder, the name of a data set
        that comes with unbend, a pandas, polars or Arrow table, a dict of columns, or a two-dimensional NumPy array; a
        pattern such as ``data/*.parquet``; an address on ``s3://`` or ``gs://``; a Dask data frame.
    target : str, or list of str
        The column to predict. Several: one result for each, with an equal part of the budget; none of them is an input.
    task : {"regression", "classification"}, optional
        Default: as the target suggests.
    model : {"auto", "linear", "network"}, default "auto"
        Which model ``predict`` uses; auto follows the verdict.
    formula : str, optional
        A third model for a regression, such as ``"b1*(1 - exp(-b2*age))"``: fitted without starting values, compared on
        the same rows.
    budget : float, default 60
        Seconds for the whole call. It decides the work beforehand and, with ``by_clock``, ends it.
    seed : int, default 0
        Of all random choices: folds, initial weights, minibatches.
    group : str, optional
        A column whose groups are held out as a whole: the verdict is then about new groups. It is no input.
    time : str, optional
        A column of dates or numbers: trained on the past, tested on the future.
    drop : sequence of str, optional
        Columns that are not used.
    types : mapping of str to str, optional
        The type of columns whose type is not to be inferred: ``{"code": "category"}``; one of "number", "category",
        "date", "boolean" and "text".
    keep : sequence of str, optional
        Columns that are used although they look like identifiers, number the rows, are constant or copies.
    text, no_text : sequence of str, optional
        Columns that are read as text, word by word, or are not, whatever they look like. By default those are text that
        hold sentences.
    sheet : str or int, optional
        The sheet of a workbook, the file of an archive or the table of a database, by name or by number from 1.
    query : str, optional
        A SELECT statement for an SQLite or DuckDB database.
    watch : callable, optional
        Called with every `Step` of progress.
    by_clock : bool, default True
        False: the budget chooses the work beforehand and never cuts it short, so that a busy machine gives the same
        result.
    checkpoint : path, optional
        A folder in which every completed repeat is saved; of a table that is read in parts also the passes over it.
    resume : bool, default False
        Continue from the checkpoint, with the budget that remained, and with the result of an uninterrupted run.
    positive : str, optional
        Of two classes the one that precision, recall, F1 and the areas under the curves are about. Default: the second
        in order, or the rarer one where the other has more than 90 % of the rows.
    class_weight : "balanced" or mapping of str to float, optional
        How many rows a row of each class counts for in the choice of the predicted label: ``{"rare": 5}`` (others 1),
        or "balanced" for weights inverse to the classes' frequencies. Probabilities and verdict do not depend on it.
    cost : mapping, optional
        What a wrong label costs: ``{"FP": 1, "FN": 5}`` for two classes (see ``positive``), ``{"rare": 5}`` for a row
        of that class with any wrong label (others 1), or ``{actual: {predicted: cost}}``. Of two classes the threshold
        of the probability is chosen on held-out rows (`Result.costs`). Probabilities and verdict do not depend on it.
    trees : bool, default False
        True: boosted trees (scikit-learn's `HistGradientBoosting`) are compared on the same held-out rows, and the
        result says whether they would do better. They are not fitted to all rows, and never predict.
    test : path or table, optional
        A test set of your own with the same columns: both final models are scored on it (`Result.test`). It takes no
        part in fitting and choosing.
    progress : bool, default False
        True: a progress line on stderr, in terminals and notebooks alike.
    memory : str, optional
        The memory that the process may use, such as ``"2GB"``, by default ``UNBEND_MEMORY``: the networks are then
        trained on as many rows as fit, and too small a limit is refused at once. Without one half of the machine's.
        Files that do not fit are read in parts: the verdict is reached on as many rows as make it clear, drawn at
        random, and the linear model is fitted to all rows (`Result.large`).
    skip_bad : bool, default False
        True: files of a folder that cannot be read, or have other columns, are left out, and the result says which.
    client : distributed.Client, optional
        Of a Dask cluster: its workers read the files in parts and train the networks, with the result of one machine.

    Returns
    -------
    Result, or Results
        The verdict, its evidence and both models; for several targets a mapping of them to their results.

    Raises
    ------
    DataError
        Where the table or one of the columns cannot be used.
    BadInput
        For other arguments out of range.
    FormulaError
        Where the formula cannot be read, or is not one of the target.
    ModelError
        Where the checkpoint's folder cannot be written or holds that of another run.

    References
    ----------
    Nadeau & Bengio (2003), "Inference for the generalization error", Machine Learning 52, for the interval of the gain.

    Examples
    --------
    >>> import numpy as np
    >>> import unbend as ub
    >>> x = np.linspace(-2, 2, 60)
    >>> result = ub.fit({"x": x, "y": x**2}, target="y", budget=10, by_clock=False)
    >>> result.verdict
    'bends_pay'
    >>> result.chosen
    'network'
    >>> result.predict({"x": [0.0, 1.5]}).shape
    (2,)
    """
    request = Request(
        target=target if isinstance(target, str) else "",
        task=task,
        model=model,
        formula=formula,
        budget=budget,
        seed=seed,
        group=group,
        time=time,
        drop=(drop,) if isinstance(drop, str) else tuple(drop),
        by_clock=by_clock,
        types=dict(types or {}),
        keep=(keep,) if isinstance(keep, str) else tuple(keep),
        text=(text,) if isinstance(text, str) else tuple(text),
        no_text=(no_text,) if isinstance(no_text, str) else tuple(no_text),
        sheet=sheet,
        query=query,
        positive=None if positive is None else str(positive),
        trees=trees,
        class_weight=class_weight,
        cost=cost,
        memory=memory_limit(memory),
    )
    line = ProgressLine() if progress else None

    def show(step: Step) -> None:
        if line is not None:
            line(step)
        if watch is not None:
            watch(step)

    steps = watch if line is None else show
    try:
        how: dict[str, Any] = {
            "test": test,
            "watch": steps,
            "checkpoint": checkpoint,
            "resume": resume,
            "skip_bad": skip_bad,
            "client": client,
        }
        if isinstance(target, str):
            return fit_any_size(table, request, **how)
        return fit_each(table, target, request, **how)
    finally:
        if line is not None:
            line.close()
