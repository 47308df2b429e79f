"""Make the gallery: ``python docs/make_gallery.py`` fits ten real tables and writes ``docs/gallery.md``,
``docs/gallery.ko.md`` and ``docs/pictures/gallery-*.svg``. The tables come with this package, scikit-learn and
statsmodels.

Needs ``pip install '.[dev]' statsmodels``; each fit has the default budget of a minute, so it takes some ten minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from sklearn import datasets

import unbend as ub
from unbend.report.pictures import gain_bar
from unbend.report.sentences import explanation, headline, model_scores, specification_test_sentence
from unbend.report.where import lines

DOCS = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Example:
    """One table: how to get it, what to predict, options of the fit, and where it comes from."""

    name: str
    load: Callable[[], Any]
    target: str
    source: str
    options: tuple[tuple[str, Any], ...] = ()


def from_sklearn(name: str, drop: tuple[str, ...] = ()) -> Callable[[], Any]:
    """A data frame of scikit-learn, its classes by name."""

    def load() -> Any:
        bunch = getattr(datasets, f"load_{name}")(as_frame=True)
        frame = bunch.frame.drop(columns=list(drop))
        if "target" in frame and hasattr(bunch, "target_names"):
            frame["target"] = [str(bunch.target_names[i]) for i in frame["target"]]
        return frame

    return load


def from_statsmodels(name: str, drop: tuple[str, ...] = ()) -> Callable[[], Any]:
    """A data frame of statsmodels."""
    return lambda: import_module(f"statsmodels.datasets.{name}").load_pandas().data.drop(columns=list(drop))


SKLEARN, STATSMODELS = "scikit-learn", "statsmodels"
EXAMPLES = [
    Example("Concrete Compressive Strength", lambda: "concrete", "strength", "unbend (I-C. Yeh, UCI, CC BY 4.0)"),
    Example("Diabetes progression", from_sklearn("diabetes"), "target", SKLEARN),
    Example("Iris, petal width", from_sklearn("iris", ("target",)), "petal width (cm)", SKLEARN),
    Example("Wine cultivars", from_sklearn("wine"), "target", SKLEARN),
    Example("Breast cancer", from_sklearn("breast_cancer"), "target", SKLEARN),
    Example("Engel: food expenditure", from_statsmodels("engel"), "foodexp", STATSMODELS),
    Example("Fair: extramarital affairs", from_statsmodels("fair"), "affairs", STATSMODELS),
    Example("RAND health insurance: visits", from_statsmodels("randhie"), "mdvis", STATSMODELS),
    Example("State crime: murder rate", from_statsmodels("statecrime"), "murder", STATSMODELS),
    Example(
        "US macro data: inflation", from_statsmodels("macrodata", ("cpi",)), "infl", STATSMODELS, (("time", "year"),)
    ),
]
HEAD = {
    "en": "# Gallery\n\nTen real tables, each fitted with the default settings by `python docs/make_gallery.py`.\n",
    "ko": "# 갤러리\n\n실제 표 열 개를 기본 설정으로 적합한 결과입니다. `python docs/make_gallery.py`로 만듭니다.\n",
}
ROWS = {"en": "{rows:,} rows, {columns} columns; data from {source}", "ko": "{rows:,}행 {columns}열, 데이터: {source}"}
MODELS = {"en": ("straight", "network"), "ko": ("직선", "신경망")}


def main() -> None:
    """Fit all tables once; write both pages."""
    (DOCS / "pictures").mkdir(exist_ok=True)
    pages = {language: [text] for language, text in HEAD.items()}
    for number, example in enumerate(EXAMPLES):
        result = ub.fit(example.load(), example.target, **dict(example.options))
        picture = f"pictures/gallery-{number + 1}.svg"
        for language, page in pages.items():
            ub.set_language(language)
            page.append(section(example, result, picture, language))
            if language == "en":
                svg = gain_bar(result.gain, result.interval)
                (DOCS / picture).write_text(svg[svg.index("<svg") :], encoding="utf-8")
        print(example.name, result, flush=True)
    for language, page in pages.items():
        name = "gallery.md" if language == "en" else f"gallery.{language}.md"
        (DOCS / name).write_text("\n".join(page), encoding="utf-8")


def section(example: Example, result: Any, picture: str, language: str) -> str:
    """One table's section, in the language in use."""
    rows = ROWS[language].format(
        rows=result.problem.rows, columns=len(result.problem.inputs), source=example.source
    )  # fmt: skip
    scores = [f"| {name} | {model_scores(model)} |" for name, model in
              zip(MODELS[language], (result.linear, result.network), strict=True)]  # fmt: skip
    test = specification_test_sentence(result)
    return "\n".join([
        f"## {example.name}\n",
        f"{rows}.\n",
        f"**{headline(result)}.** {explanation(result)}\n",
        f"![{headline(result)}]({picture})\n",
        "| | |\n|---|---|", *scores, "",
        *([f"{test}\n"] if test else []),
        *(f"{line}\n" for line in lines(result)),
    ])  # fmt: skip


if __name__ == "__main__":
    main()
