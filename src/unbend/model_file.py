"""Saved models of every kind, read back as what they were: bare networks, the table models of ``unbend.fit``, models of
text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .file_access import tensor_format
from .network.files import load_with_extra
from .text.fasttext import NgramTable, is_fasttext, read_fasttext, table_file
from .text.vectors import WordVectors, from_fasttext
from .text.vectors import files as vector_files

TABLE = "table"  # the kind that a table model's file names


def load(path: str | Path) -> Any:
    """Read a model that `save`, `Result.save` or ``unbend fit --out DIR`` wrote.

    Parameters
    ----------
    path : str or Path
        A ``.json`` file, a safetensors file under any other name, the folder that ``unbend fit --out`` wrote, or a
        fastText model (``.bin``, ``.ftz``), or word vectors as text (``.vec``).

    Returns
    -------
    Network, Model, TextModel, FastTextModel, NgramTable or WordVectors
        A bare network with the same numbers, bit by bit, and the same dtype. For a model fitted to a table the
        `Model`, with ``columns``, ``classes``, ``predict``, ``probabilities``, ``predict_interval`` and ``explain``;
        its bare network, which takes encoded columns, is ``.network``. For a straight model of text a `TextModel`, with
        ``predict``, ``probabilities`` and ``explain``. For a fastText model what the file says;
        `collapse` makes it one weight per n-gram and class, an `NgramTable`. Of word vectors `WordVectors`.

    Raises
    ------
    ModelError
        Naming what is wrong with a file that is no such model, or not there.

    Examples
    --------
    >>> import tempfile, numpy as np, unbend as ub
    >>> folder = tempfile.mkdtemp()
    >>> ub.load(ub.save(ub.Network([ub.Dense(2, 3, "tanh"), ub.Dense(3, 1)]), folder + "/network.safetensors"))
    Network(2-3-1; tanh, identity; float32)
    >>> x = np.linspace(1, 3, 40)
    >>> result = ub.fit({"size": x, "price": 2 * x + 1}, target="price", budget=5)
    >>> model = ub.load(result.save(folder + "/model.safetensors"))
    >>> model.columns, model.predict({"size": [2.0]}).round(6).tolist()
    (('size',), [5.0])
    """
    place = Path(path)
    if place.is_dir():
        place = place / "model.safetensors"
    if place.suffix.lower() == ".vec":
        return WordVectors.from_file(vector_files.read_vec(place))
    if is_fasttext(place):
        model = read_fasttext(place)
        return model if model.labels else from_fasttext(model)
    match tensor_format(place):
        case table_file.FORMAT:
            return NgramTable.load(place)
        case vector_files.FORMAT:
            return WordVectors.from_file(vector_files.read_tensors(place))
        case "unbend.text_model":
            from .verdict.text import TextModel  # loaded for models of text alone

            return TextModel.load(place)
    network, extra = load_with_extra(place)
    if extra.get("kind") != TABLE:
        return network
    from .verdict.model import Model  # loaded for table models alone

    return Model.from_description(network, extra, place)
