"""What notebooks show: well-formed, escaped, complete, and nothing fetched."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pkgutil import walk_packages
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import unbend as ub
from unbend.display import Displayed
from unbend.report.notebook import VIEWS


def well_formed(html: str) -> ElementTree.Element:
    assert not re.search(r"(src|href)=.https?:", html) and "<script" not in html
    return ElementTree.fromstring(f"<div>{re.sub('(?<=<th|<td)([^>]*) scope=(col|row)', chr(92) + '1', html)}</div>")


def test_a_network_is_drawn_with_its_numbers() -> None:
    net = ub.Network([ub.Dense(2, 3, "relu"), ub.Dense(3, 1)], seed=0)
    html = net._repr_html_()
    assert html.count("<svg") == 1 and ElementTree.fromstring(html) is not None
    assert f"{net.layers[0].W[0, 0]:.2f}"[:4] in html and "Network(2-3-1; relu, identity; float32)" in html


@pytest.mark.parametrize("text", ["y = a*x**2 + b", "y = where(x < 1, a, b)"])
def test_a_formula_is_typeset(text: str) -> None:
    bundle = ub.Formula(text)._repr_mimebundle_(include=None, exclude=None)
    assert set(bundle) == {"text/plain", "text/html", "text/latex"}
    assert well_formed(bundle["text/html"])[0].tag.endswith("math")
    assert bundle["text/latex"].startswith("$\\displaystyle ") and bundle["text/latex"].endswith("$")


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(-100, 100), min_size=4, max_size=9, unique=True), st.floats(-5, 5), st.floats(-5, 5))
@example(x=[0.0, 1.0, 2.0, 3.0], a=0.0, b=8.314176537228744e-283)
def test_a_fit_tells_every_parameter(x: list[float], a: float, b: float) -> None:
    fit = ub.Formula("y = a*x + b").fit({"x": x, "y": a * np.array(x) + b})
    cells = [cell.text for cell in well_formed(fit._repr_html_()).iter("td")]
    for name, value in fit.values.items():
        assert cells[cells.index(name) + 1] == f"{value:.10g}"


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_result_tells_the_verdict(quick: None, language: str) -> None:
    ub.set_language(language)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(80, 2))
    result = ub.fit({"<b>a": x[:, 0], "b": x[:, 1], "y": x @ [1, 2] + rng.normal(0, 0.1, 80)}, "y")
    html = result._repr_html_()
    assert "<b>" not in html and "<svg" in html
    assert bool(re.search("[가-힣]", html)) == (language == "ko")


def small_network() -> ub.Network:
    return ub.Network([ub.Dense(2, 5, "relu"), ub.Dense(5, 1)], seed=0, dtype="float64")


def changed(net: ub.Network) -> ub.Network:
    return ub.Network.from_arrays([(layer.W + 0.1, layer.b) for layer in net.layers], ["relu", "identity"])


RECORDS: dict[str, Callable[[], Any]] = {
    "linearity": lambda: ub.Formula("y = a*x**2 + b").linearity,
    "judgement": lambda: ub.Formula("y = a*x**2 + b").linearity.of("a", "b"),
    "axioms": lambda: ub.check_axioms(ub.spaces["positive reals"]),
    "axiom": lambda: ub.check_axioms(ub.spaces["positive reals"])["V5"],
    "span": lambda: ub.in_span([1, 2], [[1, 0], [0, 1]]),
    "no span": lambda: ub.in_span([1, 2], [[1.5, 1.5]]),
    "independence": lambda: ub.independent([[1, 2], [0, 1]]),
    "dependence": lambda: ub.independent([[1, 2], [2, 4]]),
    "subspace": lambda: ub.is_subspace("u1 == 0", 2),
    "local map": lambda: ub.local_map(small_network(), [0.1, 0.2]),
    "explanation": lambda: ub.explain(small_network(), [0.1, 0.2], ["<b>a", "b"]),
    "output range": lambda: ub.output_range(small_network(), [[-1, 1], [-1, 1]]),
    "difference": lambda: ub.max_difference(small_network(), changed(small_network()), [[-1, 1], [-1, 1]]),
    "equality": lambda: ub.equal(small_network(), small_network(), [[-1, 1], [-1, 1]]),
    "shrunk": lambda: ub.shrink(small_network(), box=[[-1, 1], [-1, 1]]),
    "gradient check": lambda: ub.check_gradient(small_network(), np.ones((3, 2))),
    "trace": lambda: small_network().trace(np.ones((3, 2))),
    "history": lambda: ub.train(small_network(), np.ones((20, 2)), np.arange(20.0), epochs=3, validation=0.2)[1],
}


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("name", RECORDS)
def test_every_record_has_a_view_and_a_short_name(name: str, language: str) -> None:
    ub.set_language(language)
    record = RECORDS[name]()
    html = record._repr_html_()
    assert html.startswith("<") and "<script" not in html and "<b>" not in html
    assert len(repr(record)) < 500 and "array(" not in repr(record) and " at 0x" not in repr(record)


def test_the_numbers_of_a_local_map_are_in_its_view() -> None:
    here = ub.local_map(small_network(), [0.1, 0.2])
    cells = [cell.text for cell in well_formed(here._repr_html_()).iter("td")]
    for slope in here.A[0]:
        assert f"{slope:.4g}".replace("-", "−") in cells


def test_a_table_model_and_its_explanation(quick: None) -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 2))
    result = ub.fit({"<b>a": x[:, 0], "b": x[:, 1], "y": x @ [1, 2]}, "y", budget=5)
    for record in (result.model, result.linear, result.where, result.explain(3)):
        assert "<b>" not in record._repr_html_() and "&lt;b&gt;a" in record._repr_html_() + "&lt;b&gt;a"
    why = result.explain(3)
    assert "<svg" in why._repr_html_() and "&lt;b&gt;a" in why._repr_html_()
    assert repr(result.model).startswith("Model(y: numbers; columns <b>a, b; Network(")


def test_pieces_are_counted_and_drawn() -> None:
    net = ub.Network([ub.Dense(2, 5, "relu"), ub.Dense(5, 1)], seed=0, dtype="float64")
    found = ub.regions(net, box=[[-1, 1], [-1, 1]])
    assert "<svg" in found._repr_html_() and str(found.count) in found._repr_html_()
    line = ub.Network([ub.Dense(1, 5, "relu"), ub.Dense(5, 1)], seed=0, dtype="float64")
    assert "<svg" not in ub.regions(line, box=[[-1, 1]])._repr_html_()


def test_every_displayed_type_has_a_view() -> None:
    for info in walk_packages(ub.__path__, "unbend."):
        if info.name.split(".")[1] in {"formula", "geometry", "network", "solve", "spaces", "train", "verdict"}:
            import_module(info.name)
    kinds = [Displayed]
    for kind in kinds:
        kinds += kind.__subclasses__()
    names = {f"{k.__module__}.{k.__qualname__}".removeprefix("unbend.") for k in kinds[1:]}
    assert {name for name in names if name.startswith("solve.formula")} == {"solve.formula.Formula"}  # an Equation
    assert names - {"solve.formula.Formula"} == set(VIEWS) - {"formula.equation.Equation"}


@pytest.mark.parametrize(
    ("code", "rooms"),
    [
        ("ub.independent([[1, 2], [2, 4]])", {"verdict", "geometry", "solve", "train", "engine", "data", "network"}),
        ("ub.Formula('y = a*x').linearity", {"verdict", "geometry", "train", "engine", "spaces", "figures"}),
        ("ub.Network([ub.Dense(2, 1)])", {"verdict", "solve", "train", "data", "spaces"}),
    ],
)
def test_a_view_loads_no_other_room(code: str, rooms: set[str]) -> None:
    program = (
        f"import sys, unbend as ub; html = ({code})._repr_html_(); assert html"
        "; print(*{name.split('.')[1] for name in sys.modules if name.startswith('unbend.')})"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) & rooms == set()


def test_spaces_activations_and_their_registries() -> None:
    every = well_formed(ub.spaces._repr_html_())
    assert len(every.findall(".//tr")) == 1 + len(ub.spaces) and "u**a" in [cell.text for cell in every.iter("td")]
    odd = ub.Space(2, add=np.add, member="u1 < 3", field="integer")._repr_html_()
    assert "u1 &lt; 3" in odd and "function add" in odd and "integer" in odd
    rows = well_formed(ub.activations._repr_html_()).findall(".//tr")
    assert ["".join(row[0].itertext()) for row in rows[1:]] == list(ub.activations)
    assert ub.activations["relu"]._repr_html_().count("<svg") == 1
    with pytest.raises(TypeError):
        ub.spaces["R3"] = ub.spaces["R3"]  # type: ignore[index]
