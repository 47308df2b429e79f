"""Every function and operator in C, JavaScript and Python gives NumPy's value, also for NaN, infinities and zeros."""

from __future__ import annotations

import importlib
import itertools
import json
import pkgutil
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from unbend.formula import printing
from unbend.formula.language.functions import FUNCTIONS
from unbend.formula.printing.c import C_FLOAT
from unbend.formula.printing.language import Language
from unbend.formula.printing.numpy import NUMPY
from unbend.formula.printing.numpy_functions import compile_function
from unbend.formula.printing.torch import TORCH
from unbend.solve import Formula

OPERANDS = [0.0, -0.0, 0.3, -0.3, 0.5, -0.5, 1.0, -1.0, 1.5, -2.5, 3.0, 20.0, -20.0, 708.0, 710.3, -746.0, 1e-300,
            5e-324, -1e-9, 1e9, 1e200, -1e200, 1.7976931348623157e308, np.nan, np.inf, -np.inf]  # fmt: skip
FEW = [0.0, -0.0, 0.5, 1.0, -1.0, 2.0, -3.0, 1e200, 1e-300, np.nan, np.inf, -np.inf]
ARGUMENTS = {1: "x", 2: "x, a", 3: "x, a, b"}
FORMULAS = [
    *(f"{name}({ARGUMENTS[record.arity]})" for name, record in FUNCTIONS.items()),
    "x + a", "x - a", "x*a", "x/a", "x**a", "-x", "x < a", "x <= a", "x > a", "x >= a", "x == a", "x != a",
    "x**2", "x**3", "x**-1", "x**0.5", "x**(1/2)", "where(x > a, a, -x)", "where(sign(x), 1, 2)", "max(x, 0)",
    "sigmoid(x)", "relu(x)", "gelu(x)", "mish(x)", "(x > 0)*a + (x <= 0)",
]  # fmt: skip


def languages() -> list[Language]:
    modules = [
        importlib.import_module(f"{printing.__name__}.{m.name}") for m in pkgutil.iter_modules(printing.__path__)
    ]
    return list({id(v): v for m in modules for v in vars(m).values() if isinstance(v, Language)}.values())


def rows(formula: Formula) -> list[list[float]]:
    count = len((*formula.variables, *formula.parameters))
    return [list(row) for row in itertools.product(*([OPERANDS] if count == 1 else [FEW] * count))]


def wanted(formula: Formula) -> np.ndarray:
    columns = np.array(rows(formula)).T
    names = (*formula.variables, *formula.parameters)
    return np.broadcast_to(formula(**dict(zip(names, columns, strict=True))), columns.shape[1:])


def assert_same(text: str, values: Any, dtype: str = "float64") -> None:
    formula = Formula(text)
    with np.errstate(all="ignore"):
        expected = wanted(formula).astype(dtype).astype(float)
    got = np.array([float(v) for v in values])
    # fdlibm's error functions and hyperbolic functions differ by some units in the last place
    np.testing.assert_allclose(got, expected, rtol=32 * np.finfo(dtype).eps, atol=np.finfo(dtype).tiny, err_msg=text)
    if "max" not in text and "min" not in text and "elu" not in text:  # NumPy leaves the sign of max(0, -0) open
        zero = expected == 0
        np.testing.assert_array_equal(np.signbit(got[zero]), np.signbit(expected[zero]), err_msg=text)


def test_every_language_has_every_function() -> None:
    assert len(languages()) >= 6
    for language in languages():
        assert {*language.functions, "where"} == {*FUNCTIONS}
        for name, call in language.functions.items():
            arguments = [f"<{i}>" for i in range(FUNCTIONS[name].arity)]
            assert all(argument in call.format(*arguments) for argument in arguments)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_sympy_has_every_function(name: str) -> None:
    formula = Formula(f"{name}({ARGUMENTS[FUNCTIONS[name].arity]})")
    assert {symbol.name for symbol in formula.sympy().free_symbols} == {*formula.variables, *formula.parameters}


@pytest.mark.parametrize("text", FORMULAS)
def test_python_gives_the_value_of_numpy(text: str) -> None:
    formula = Formula(text)
    namespace: dict[str, Any] = {}
    exec(formula.python("f"), namespace)
    assert_same(text, [namespace["f"](*row) for row in rows(formula)])


@pytest.mark.parametrize("text", FORMULAS)
def test_numpy_source_gives_the_value_of_the_formula(text: str) -> None:
    formula = Formula(text)
    f = compile_function(NUMPY.function(formula.tree, (*formula.variables, *formula.parameters), "f"), "f")
    columns = np.array(rows(formula)).T
    with np.errstate(all="ignore"):
        assert_same(text, np.broadcast_to(f(*columns), columns.shape[1:]))


@pytest.mark.skipif(shutil.which("node") is None, reason="no JavaScript engine")
def test_javascript_gives_the_value_of_numpy(tmp_path: Path) -> None:
    lines = []
    for text in FORMULAS:
        data = json.dumps(rows(Formula(text)))
        lines.append(f"console.log({data}.map((row) => (() => {{ {Formula(text).javascript()}; return f; }})()(...row))"
                     ".map((v) => Object.is(v, -0) ? '-0' : String(v)).join(' '));")  # fmt: skip
    (tmp_path / "f.js").write_text("\n".join(lines), encoding="utf-8")
    printed = subprocess.run(["node", tmp_path / "f.js"], capture_output=True, text=True, check=True).stdout
    for text, line in zip(FORMULAS, printed.splitlines(), strict=True):
        assert_same(text, line.replace("Infinity", "inf").split())


@pytest.mark.skipif(shutil.which("gcc") is None, reason="no C compiler")
@pytest.mark.parametrize("real", ["double", "float"])
def test_c_gives_the_value_of_numpy(real: str, tmp_path: Path) -> None:
    parts, calls = ["#include <stdio.h>"], []
    for i, text in enumerate(FORMULAS):
        formula = Formula(text)
        parts.append(formula.c(f"f{i}") if real == "double" else formula.source(C_FLOAT, f"f{i}"))
        table = rows(formula)
        data = ", ".join(c_literal(v, real) for row in table for v in row)
        width = len(table[0])
        call = ", ".join(f"x[{width} * i + {k}]" for k in range(width))
        calls += [f"{{ static const {real} x[] = {{{data}}};", f"for (int i = 0; i < {len(table)}; i++)",
                  f'printf("%.17g ", (double)f{i}({call}));', 'puts(""); }']  # fmt: skip
    main = "\n".join(["int main(void) {", *calls, "return 0; }"])
    (tmp_path / "f.c").write_text("\n".join([*parts, main]), encoding="utf-8")
    flags = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic"]
    subprocess.run(["gcc", *flags, "-o", tmp_path / "f", tmp_path / "f.c", "-lm"], check=True)
    printed = subprocess.run([tmp_path / "f"], capture_output=True, text=True, check=True).stdout
    for text, line in zip(FORMULAS, printed.splitlines(), strict=True):
        if real == "double":
            assert_same(text, line.split())
        else:
            formula = Formula(text)
            f = compile_function(NUMPY.function(formula.tree, (*formula.variables, *formula.parameters), "f"), "f")
            with np.errstate(all="ignore"):
                columns = np.array(rows(formula)).T.astype(np.float32)
                expected = np.broadcast_to(f(*columns), columns.shape[1:])
            np.testing.assert_allclose([float(v) for v in line.split()], expected, rtol=1e-5, atol=1e-37, err_msg=text)


def c_literal(value: float, real: str) -> str:
    if real == "float":
        with np.errstate(over="ignore"):
            value = float(np.float32(value))
    text = repr(value) if np.isfinite(value) else "NAN" if value != value else f"{'-' if value < 0 else ''}INFINITY"
    return text + "f" if real == "float" and np.isfinite(value) else text


# sizes ----------------------------------------------------------------------------------------------------------------


def nested(function: str, times: int) -> str:
    text = "x"
    for i in range(times):
        text = function.format(text, i)
    return text


@pytest.mark.parametrize(
    ("function", "times"),
    [("max({0}, {1}*x - {1})", 20), ("max({0}, {1}*x - {1})", 60), ("sign({0} + 0.{1}1)", 60), ("sigmoid({0} - 1)", 6),
     ("max({0}, -{0})", 7)],
)  # fmt: skip
def test_nested_functions_stay_short(function: str, times: int, tmp_path: Path) -> None:
    formula = Formula(nested(function, times))
    places = [-2.0, 0.3, 5.0, np.nan]
    expected = [float(formula(x=x)) for x in places]
    sources = [formula.c("f"), formula.javascript("f"), formula.python("f")]
    assert max(map(len, sources)) < 8_000
    namespace: dict[str, Any] = {}
    exec(sources[2], namespace)
    np.testing.assert_allclose([namespace["f"](x) for x in places], expected, rtol=1e-14)
    if shutil.which("gcc"):
        calls = " ".join(f'printf("%.17g\\n", f({c_literal(x, "double")}));' for x in places)
        (tmp_path / "f.c").write_text(f"#include <stdio.h>\n{sources[0]}\nint main(void) {{ {calls} return 0; }}\n")
        subprocess.run(["gcc", "-std=c99", "-Werror", "-o", tmp_path / "f", tmp_path / "f.c", "-lm"], check=True)
        printed = subprocess.run([tmp_path / "f"], capture_output=True, text=True, check=True).stdout.split()
        np.testing.assert_allclose([float(v) for v in printed], expected, rtol=1e-14)
    if shutil.which("node"):
        calls = ", ".join(f"f({'NaN' if x != x else x})" for x in places)
        (tmp_path / "f.js").write_text(f"{sources[1]}\nconsole.log([{calls}].join(' '));")
        printed = subprocess.run(["node", tmp_path / "f.js"], capture_output=True, text=True, check=True).stdout.split()
        np.testing.assert_allclose([float(v) for v in printed], expected, rtol=1e-14)


def test_what_is_used_twice_is_computed_once() -> None:
    source = Formula("(a*exp(b*x) + 1)/(a*exp(b*x) - 1)").python()
    assert source.count("_exp(") == 2  # the helper and one call
    assert source.count("b*x") == 0 and source.count("(b * x)") == 1


@pytest.mark.parametrize(
    "text", ["lambda_*lambda + double + double_", "sign_ + power*x**a + _max", "v1*exp(x + 1)/(exp(x + 1) + v1)"]
)
def test_names_that_a_language_has_for_itself(text: str, tmp_path: Path) -> None:
    formula = Formula(text)
    names = (*formula.variables, *formula.parameters)
    numbers = [0.7 + 0.31 * i for i in range(len(names))]
    want = float(formula(**dict(zip(names, numbers, strict=True))))
    namespace: dict[str, Any] = {}
    exec(formula.python("f"), namespace)
    assert namespace["f"](*numbers) == pytest.approx(want, rel=1e-14)
    if shutil.which("gcc"):
        call = f'printf("%.17g", f({", ".join(map(repr, numbers))}));'
        (tmp_path / "f.c").write_text(f"#include <stdio.h>\n{formula.c('f')}\nint main(void) {{ {call} return 0; }}\n")
        subprocess.run(["gcc", "-std=c99", "-Werror", "-o", tmp_path / "f", tmp_path / "f.c", "-lm"], check=True)
        printed = subprocess.run([tmp_path / "f"], capture_output=True, text=True, check=True).stdout
        assert float(printed) == pytest.approx(want, rel=1e-14)


@pytest.mark.parametrize("text", FORMULAS)
def test_torch_gives_the_value_of_numpy(text: str) -> None:
    torch = pytest.importorskip("torch")
    formula = Formula(text)
    names = (*formula.variables, *formula.parameters)
    namespace: dict[str, Any] = {"torch": torch}
    exec(TORCH.source(formula.tree, names, "f"), namespace)
    columns = torch.tensor(rows(formula), dtype=torch.float64).T
    got = namespace["f"](*columns).numpy()
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(got, wanted(formula), rtol=1e-13, atol=1e-300, err_msg=text)
