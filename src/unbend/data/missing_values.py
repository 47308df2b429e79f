"""Text markers of missing values, replaced by nulls: `blanks_to_null`, `nans_to_null`."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from .notes import join_names

# Missing in every kind of column. "NaN" is not among them: in a column of numbers it is the result of a failed
# computation, which a target must not hide.
BLANKS = (
    "", "NA", "na", "N/A", "n/a", "#N/A", "#NA", "<NA>", "null", "NULL", "Null", "None", "?", "-", "--", ".", "…",
    "결측", "결측치",
)  # fmt: skip
_NOT_NUMBERS = ("nan", "NaN", "NAN", "Nan", "-nan", "-NaN", "NaT")
MISSING_LABELS = (*BLANKS, *_NOT_NUMBERS)  # missing in a column of labels

# Missing where the other cells of a column are numbers or dates; labels like any other elsewhere. In lower case.
MISSING_WORDS = (
    "unknown", "unk", "unk.", "missing", "not available", "not applicable", "not known", "not recorded", "no data",
    "nodata", "n.a.", "n.a", "n.d.", "nd", "n/d", "nil", "none", "tbd", "undefined", "unspecified", "#value!",
    "#div/0!", "#ref!", "#num!", "#name?", "#null!", "*", "**", "***", "---", "–", "—", "..", "...",
    "미상", "모름", "없음", "해당없음", "해당 없음", "알수없음", "알 수 없음", "무응답", "미응답",
    "측정불가", "자료없음", "미정", "미집계", "미입력", "미기재", "미확인", "해당사항없음", "해당사항 없음", "비공개",
)  # fmt: skip


def blanks_to_null(text: Any) -> Any:
    """A column of text, stripped of surrounding spaces, with markers of missing values replaced by null."""
    return _null_where(pc.utf8_trim_whitespace(text), BLANKS)


def nans_to_null(text: Any) -> Any:
    """A column of text with "NaN" replaced by null too: in a column without numbers it is only a marker."""
    return _null_where(text, _NOT_NUMBERS)


def _null_where(text: Any, markers: tuple[str, ...]) -> Any:
    mask = pc.is_in(text, value_set=pa.array(markers, text.type))
    return pc.if_else(mask, pa.scalar(None, text.type), text) if pc.any(mask).as_py() else text


def words_to_null(text: Any) -> Any:
    """A column of text with words such as "unknown" replaced by null: for columns whose other cells are numbers."""
    mask = pc.is_in(pc.utf8_lower(text), value_set=pa.array(MISSING_WORDS, text.type))
    return pc.if_else(mask, pa.scalar(None, text.type), text) if pc.any(mask).as_py() else text


def missing_words(text: Any, bare: Any) -> str:
    """The different cells of ``text`` that are null in ``bare``, with their number, for a note."""
    gone = text.filter(pc.and_(text.is_valid(), bare.is_null()))
    return f"{join_names(repr(cell) for cell in pc.unique(gone).to_pylist()[:12])}: {len(gone):,}"
