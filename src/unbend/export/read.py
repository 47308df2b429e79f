"""`read_model`: the model in a file of any format that unbend writes or reads."""

from __future__ import annotations

from pathlib import Path

from ..errors import ModelError
from ..file_access import tensor_format
from ..model_file import load
from ..network import Network
from ..network.files import load_with_extra
from ..text.fasttext import FastTextModel, NgramTable, is_fasttext
from ..text.fasttext.table_file import FORMAT as NGRAM_TABLE
from ..verdict.model import KIND, Model
from ..verdict.text import TextModel
from ..verdict.text.text_model_file import FORMAT as TEXT_MODEL


def read_model(path: str | Path) -> Network | Model | FastTextModel | NgramTable | TextModel:
    """A table model, a bare network or a model of text: a .safetensors, .json, .onnx or fastText file, or a folder."""
    file = Path(path)
    if file.is_dir():
        file = file / "model.safetensors"
    if file.suffix.lower() == ".onnx":
        from .onnx.reader import from_onnx

        return from_onnx(file)
    if is_fasttext(file) or tensor_format(file) == NGRAM_TABLE:
        model = load(file)
        if not isinstance(model, FastTextModel | NgramTable):
            raise ModelError("export.word_vectors", path=file)
        return model
    if tensor_format(file) == TEXT_MODEL:
        return TextModel.load(file)
    network, extra = load_with_extra(file)
    return Model.load(file) if extra.get("kind") == KIND else network
