"""Source code in other languages, compiled and run there; TeX and MathML against known strings."""

import json
import math
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import sympy

from unbend.formula.printing.symbols import LETTERS
from unbend.solve import Formula

from .example_formulas import CASES, values

PLACES = [0.3, 1.0, 2.75]


def expected(formula: Formula) -> list[float]:
    """At x = each of the places, the rest fixed, computed with 30 digits from the SymPy expression."""
    fixed = values(formula)
    results = []
    for place in PLACES:
        point = {**fixed, "x": place}
        numbers = {sympy.Symbol(n, real=True): sympy.Float(repr(v), 30) for n, v in point.items()}
        results.append(float(formula.sympy().subs(numbers).evalf(20)))
    return results


def arguments(formula: Formula, place: float) -> list[float]:
    return [place if n == "x" else v for n, v in values(formula).items()]


@pytest.mark.parametrize("text", CASES)
def test_value_in_numpy_and_python(text: str) -> None:
    formula = Formula(text)
    want = expected(formula)
    got = formula(**{**values(formula), "x": np.array(PLACES)})
    assert np.allclose(got, want, rtol=1e-13, atol=1e-14)
    space: dict[str, object] = {}
    exec(formula.python("model"), space)  # source printed from the tree
    for place, value in zip(PLACES, want, strict=True):
        result = space["model"](*arguments(formula, place))  # type: ignore[operator]
        assert result == pytest.approx(value, rel=1e-13, abs=1e-14)


@pytest.mark.skipif(shutil.which("gcc") is None, reason="no C compiler")
def test_value_in_c(tmp_path: Path) -> None:
    parts, calls = [], []
    for i, text in enumerate(CASES):
        formula = Formula(text)
        parts.append(formula.c(f"f{i}"))
        calls += [f"f{i}({', '.join(map(repr, arguments(formula, p)))})" for p in PLACES]
    lines = "\n".join(f'    printf("%.17g\\n", {call});' for call in calls)
    source = "#include <stdio.h>\n" + "\n".join(parts) + f"\nint main(void) {{\n{lines}\n    return 0;\n}}\n"
    (tmp_path / "f.c").write_text(source, encoding="utf-8")
    subprocess.run(["gcc", "-std=c99", "-Wall", "-Werror", "-o", tmp_path / "f", tmp_path / "f.c", "-lm"], check=True)
    printed = subprocess.run([tmp_path / "f"], capture_output=True, text=True, check=True).stdout.split()
    want = [v for text in CASES for v in expected(Formula(text))]
    assert np.allclose([float(v) for v in printed], want, rtol=1e-13, atol=1e-14)


@pytest.mark.skipif(shutil.which("node") is None, reason="no JavaScript engine")
def test_value_in_javascript(tmp_path: Path) -> None:
    calls = []
    lines = []
    for i, text in enumerate(CASES):
        formula = Formula(text)
        lines.append(f"const f{i} = (() => {{ {formula.javascript('model')}; return model; }})();")
        calls += [f"f{i}({', '.join(map(repr, arguments(formula, p)))})" for p in PLACES]
    (tmp_path / "f.js").write_text(
        "\n".join(lines) + f"\nconsole.log(JSON.stringify([{', '.join(calls)}]));\n", "utf-8"
    )
    printed = json.loads(subprocess.run(["node", tmp_path / "f.js"], capture_output=True, text=True, check=True).stdout)
    want = [v for text in CASES for v in expected(Formula(text))]
    assert np.allclose(printed, want, rtol=1e-13, atol=1e-14)


@pytest.mark.skipif(shutil.which("node") is None, reason="no JavaScript engine")
def test_javascript_error_function_has_its_digits(tmp_path: Path) -> None:
    places = [-7.0, -3.0, -1e-9, 0.0, 1e-12, 0.5, 2.4, 2.5, 2.6, 4.0, 5.9, 6.1, 100.0]
    call = ", ".join(f"f({p!r})" for p in places)
    (tmp_path / "f.js").write_text(Formula("erf(x)").javascript() + f"console.log(JSON.stringify([{call}]));")
    printed = json.loads(subprocess.run(["node", tmp_path / "f.js"], capture_output=True, text=True, check=True).stdout)
    assert np.allclose(printed, [math.erf(p) for p in places], rtol=4e-15, atol=0)


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("y = a*x**2 + b*x + c", r"y = a \, x^{2} + b \, x + c"),
        ("y = b1*(1 - exp(-b2*x))", r"y = b_{1} \, \left(1 - e^{-b_{2} \, x}\right)"),
        ("alpha/(1 + β2)", r"\frac{\alpha}{1 + \beta_{2}}"),
        ("sqrt(x)*2", r"\sqrt{x} \cdot 2"),
        ("sin(x)**2", r"\left(\sin\left(x\right)\right)^{2}"),
        ("(a/b)**2", r"\left(\frac{a}{b}\right)^{2}"),
        ("나이*2", r"\text{나이} \cdot 2"),
        ("x <= 1e-5", r"x \le 1 \cdot 10^{-5}"),
        ("a*-b", r"a \, \left(-b\right)"),
    ],
)
def test_tex(text: str, tex: str) -> None:
    assert Formula(text).tex() == tex


@pytest.mark.parametrize("text", CASES)
def test_mathml_holds_the_names_and_numbers_in_their_order(text: str) -> None:
    """The leaves without operators, joined, are the words of the text: Greek letters for their names, e for exp."""
    root = ElementTree.fromstring(Formula(text).mathml())
    space = "{http://www.w3.org/1998/Math/MathML}"
    assert root.tag == f"{space}math"
    leaves = "".join(leaf.text or "" for leaf in root.iter() if leaf.tag in (f"{space}mi", f"{space}mn"))
    written = re.sub(r"cbrt\((\w+)\)", r"\1 3", text)  # the root's index stands behind
    written = re.sub(r"\babs\b", "", re.sub(r"\bexp\b", "e", written))
    words = re.findall(r"\d+\.?\d*(?:e-?\d+)?|[^\W\d]\w*", written)
    assert leaves == "".join(LETTERS.get(word, word) for word in words)


def test_mathml_of_a_fraction() -> None:
    assert "<mfrac><mi>a</mi><msup><mi>x</mi><mn>2</mn></msup></mfrac>" in Formula("a/x**2").mathml()


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no LaTeX")
def test_tex_is_accepted(tmp_path: Path) -> None:
    body = "\n\n".join(f"\\[{Formula(t).tex()}\\]" for t in CASES if "나이" not in t)
    (tmp_path / "f.tex").write_text(
        rf"\documentclass{{article}}\usepackage{{amsmath}}\begin{{document}}{body}\end{{document}}"
    )
    subprocess.run(["pdflatex", "-halt-on-error", "f.tex"], cwd=tmp_path, check=True, capture_output=True)
