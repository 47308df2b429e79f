"""Make the gallery: ``python docs/make_gallery.py`` fits ten real tables and writes ``docs/gallery.md``,
``docs/gallery.ko.md`` and ``docs/pictures/gallery-*.svg``.

Needs ``pip install '.[dev]' statsmodels``. The work is set by the budget of 30 seconds a table and not cut by the clock
(``by_clock=False``): the pages come out the same on a busy machine; on two idle cores they take some five minutes.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from sklearn import datasets

import unbend as ub
from unbend.report import pictures
from unbend.report.columns import common_limits, effects_of, least_range
from unbend.report.sentences import explanation, headline, model_scores, percent, specification_test_sentence
from unbend.report.where import lines

DOCS = Path(__file__).resolve().parent
BUDGET = 30.0


@dataclass(frozen=True)
class Example:
    """One table: its title in both languages, how to get it, what to predict, and where it comes from."""

    title: str
    korean: str
    load: Callable[[], Any]
    target: str
    package: str
    source: str
    licence: str
    options: tuple[tuple[str, Any], ...] = ()


def from_sklearn(name: str) -> Callable[[], Any]:
    """A data frame of scikit-learn, its classes by name."""

    def load() -> Any:
        bunch = getattr(datasets, f"load_{name}")(as_frame=True)
        if hasattr(bunch, "target_names"):
            bunch.frame["target"] = [str(bunch.target_names[i]) for i in bunch.frame["target"]]
        return bunch.frame

    return load


def from_statsmodels(name: str, drop: tuple[str, ...] = ()) -> Callable[[], Any]:
    """A data frame of statsmodels."""
    return lambda: import_module(f"statsmodels.datasets.{name}").load_pandas().data.drop(columns=list(drop))


def carbon_dioxide() -> Any:
    """Weekly carbon dioxide at Mauna Loa, with the year and the week of the year as numbers."""
    frame = import_module("statsmodels.datasets.co2").load_pandas().data.dropna()
    week = frame.index.isocalendar().week.to_numpy(np.float64)
    return {"year": frame.index.year.to_numpy(), "week": week, "co2": frame["co2"].to_numpy()}


UCI, PUBLIC = "CC BY 4.0", "public domain"
KOREAN_LICENCES = {PUBLIC: "퍼블릭 도메인"}
EXAMPLES = (
    Example("Concrete: compressive strength", "콘크리트: 압축 강도", lambda: "concrete", "strength",
            "unbend", "I-C. Yeh (1998), UCI, doi:10.24432/C5PK67", UCI),
    Example("Mauna Loa: carbon dioxide by year and week", "마우나로아: 연도와 주에 따른 이산화탄소",
            carbon_dioxide, "co2", "statsmodels", "C. D. Keeling and T. P. Whorf, CDIAC", PUBLIC),
    Example("Engel: food expenditure of Belgian households", "엥겔: 벨기에 가구의 식비",
            from_statsmodels("engel"), "foodexp", "statsmodels", "Koenker and Bassett (1982)", PUBLIC),
    Example("Diabetes: progression after a year", "당뇨병: 1년 뒤의 진행 정도", from_sklearn("diabetes"), "target",
            "scikit-learn", "Efron, Hastie, Johnstone and Tibshirani (2004)", "BSD-3-Clause (scikit-learn)"),
    Example("Wine: three cultivars", "포도주: 세 가지 품종", from_sklearn("wine"), "target",
            "scikit-learn", "Aeberhard and Forina (1992), UCI, doi:10.24432/C5PC7J", UCI),
    Example("Breast cancer: benign or malignant", "유방암: 양성인가 악성인가", from_sklearn("breast_cancer"), "target",
            "scikit-learn", "Wolberg, Mangasarian, Street and Street (1993), UCI, doi:10.24432/C5DW2B", UCI),
    Example("US election 1996: vote", "1996년 미국 대선: 투표", from_statsmodels("anes96"), "vote",
            "statsmodels", "American National Election Studies", PUBLIC, (("task", "classification"),)),
    Example("RAND health insurance: visits to a doctor", "RAND 건강보험 실험: 의사 방문 횟수",
            from_statsmodels("randhie"), "mdvis", "statsmodels", "RAND Corporation", PUBLIC),
    Example("Grunfeld: investment of firms, tested on new firms", "그룬펠드: 기업의 투자, 새로운 기업으로 평가",
            from_statsmodels("grunfeld", ("year",)), "invest", "statsmodels", "Y. Grunfeld (1950)", PUBLIC,
            (("group", "firm"),)),
    Example("US economy: inflation, tested on later years", "미국 경제: 물가 상승률, 이후 연도로 평가",
            from_statsmodels("macrodata", ("cpi", "realint")), "infl", "statsmodels",
            "Federal Reserve Bank of St. Louis", PUBLIC, (("time", "year"),)),
)  # fmt: skip
TEXTS = {
    "en": {
        "head": "# Gallery\n\nTen real tables, fitted by `python docs/make_gallery.py`. Where bends pay, the pictures "
        "show the columns that bend; elsewhere the columns that matter most.\n",
        "columns": ("table", "rows", "verdict", "gain", "where it bends"),
        "rows": "{rows} rows, {columns} {column_word}, target `{target}`{options}. "
        "Data: {source}; comes with {package}; licence: {licence}.",
        "models": ("straight", "network"),
        "scores": ("model", "held-out rows"),
        "end": "*gain* is the relative reduction of the straight model's held-out error by the network; below 0 the "
        "network is worse. In brackets: its 95 % interval.\n",
    },
    "ko": {
        "head": "# 갤러리\n\n실제 표 열 개를 `python docs/make_gallery.py`로 적합한 결과입니다. 신경망이 나은 표에서는 "
        "굽은 열을, 나머지 표에서는 가장 중요한 열을 그렸습니다.\n",
        "columns": ("표", "행", "판정", "이득", "어디서 굽는가"),
        "rows": "{rows}행 {columns}열, 예측할 열 `{target}`{options}. "
        "데이터: {source}, {package}에 포함, 라이선스: {licence}.",
        "models": ("직선", "신경망"),
        "scores": ("모델", "떼어 둔 행"),
        "end": "*이득*은 떼어 둔 행에서 신경망이 직선 모델의 오차를 줄인 비율입니다. 0보다 작으면 신경망이 더 "
        "나쁩니다. 괄호 안은 95 % 구간입니다.\n",
    },
}


def main() -> None:
    """Fit all tables once; write both pages."""
    began = time.monotonic()
    (DOCS / "pictures").mkdir(exist_ok=True)
    rows: dict[str, list[str]] = {language: [] for language in TEXTS}
    sections: dict[str, list[str]] = {language: [] for language in TEXTS}
    for number, example in enumerate(EXAMPLES, 1):
        start = time.monotonic()
        result = ub.fit(example.load(), example.target, budget=BUDGET, by_clock=False, **dict(example.options))
        for language in TEXTS:
            ub.set_language(language)
            name = f"gallery-{number}.svg" if language == "en" else f"gallery-{number}-{language}.svg"
            (DOCS / "pictures" / name).write_text(picture(result), encoding="utf-8")
            rows[language].append(row(example, result, language))
            sections[language].append(section(example, result, f"pictures/{name}", language))
        print(f"{time.monotonic() - start:4.0f} s  {example.title}: {result}", flush=True)
    for language, texts in TEXTS.items():
        head = "| {} |\n|---|---:|---|---:|---|".format(" | ".join(texts["columns"]))
        page = "\n".join([texts["head"], head, *rows[language], "", texts["end"], *sections[language]])
        file = "gallery.md" if language == "en" else f"gallery.{language}.md"
        (DOCS / file).write_text(page.rstrip() + "\n", encoding="utf-8")
    print(f"{time.monotonic() - began:4.0f} s in all")


def row(example: Example, result: ub.Result, language: str) -> str:
    """The table's line at the head of the page."""
    where = result.where
    bends = [curve.column for curve in where.curves if curve.bends] + [" × ".join(pair.columns) for pair in where.pairs]
    title = example.title if language == "en" else example.korean
    low, high = result.interval
    gain = f"{percent(result.gain)} [{percent(low)}, {percent(high)}]"
    cells = (title, f"{result.problem.rows:,}", headline(result), gain, plain(", ".join(bends)) or "–")
    return f"| {' | '.join(cells)} |"


def section(example: Example, result: ub.Result, file: str, language: str) -> str:
    """One table's section, in the language in use."""
    texts = TEXTS[language]
    options = "".join(f', `{name}="{value}"`' for name, value in example.options)
    facts = texts["rows"].format(
        rows=f"{result.problem.rows:,}",
        columns=len(result.problem.inputs),
        column_word="column" if len(result.problem.inputs) == 1 else "columns",
        target=example.target,
        options=options,
        package=example.package,
        source=example.source,
        licence=KOREAN_LICENCES.get(example.licence, example.licence) if language == "ko" else example.licence,
    )
    models = zip(texts["models"], (result.linear, result.network), strict=True)
    test = specification_test_sentence(result)
    return "\n".join([
        f"## {example.title if language == 'en' else example.korean}\n",
        f"{facts}\n",
        f"**{headline(result)}.** {plain(explanation(result))}\n",
        f"![{headline(result)}]({file})\n",
        "| {} | {} |\n|---|---|".format(*texts["scores"]),
        *(f"| {name} | {model_scores(model)} |" for name, model in models), "",
        *([f"{plain(test)}\n"] if test else []),
        *(formula(line) if line.startswith("  ") else f"{plain(line)}\n" for line in lines(result)),
    ])  # fmt: skip


def formula(line: str) -> str:
    """A line of the terminal that shows a formula, as a block; what stands before it as a sentence."""
    name, colon, text = line.strip().partition(": ")
    name = name[:1].upper() + name[1:]
    return f"{name}:\n\n```\n{text}\n```\n" if colon else f"```\n{line.strip()}\n```\n"


def plain(text: str) -> str:
    """A text in which Markdown sees nothing special, and no line ends before a %."""
    return re.sub(r"([*_|])", r"\\\1", re.sub(r"(?<=\d) %", "\N{NO-BREAK SPACE}%", text)).replace("<", "&lt;")


def picture(result: ub.Result) -> str:
    """The gain with its interval, and two columns in both models; dark where the reader's system is."""
    bent = [curve.column for curve in result.where.curves if curve.bends][:2]
    effects = effects_of(result).of(bent) if bent else effects_of(result).strongest(2)
    fig, axes = pictures.figure(len(effects), 1, 6.4, 2.9)
    for ax, effect in zip(axes.flat, effects, strict=True):
        pictures.draw_effect(ax, effect, result.problem.target, common_limits(effects, least_range(result)))
        ax.label_outer()
    axes.flat[0].legend(frameon=False)
    svg = pictures.svg(fig, headline(result))
    svg = svg[svg.index("<svg") : svg.index("</svg>") + len("</svg>")]
    style = "<style>@media (prefers-color-scheme: dark) { svg { filter: invert(.88) hue-rotate(180deg); } }</style>"
    return re.sub("(<svg[^>]*>)", rf"\1{style}", svg, count=1) + "\n"


if __name__ == "__main__":
    main()
