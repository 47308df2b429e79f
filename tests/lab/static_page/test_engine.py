"""The static page's JavaScript beside NumPy and the package: random numbers, formulas, training, pieces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import unbend as ub
from unbend.lab.dataset import toy_dataset
from unbend.lab.static_page.sources import module
from unbend.lab.toy_datasets import SECTORS, TOY_DATASETS
from unbend.network import losses, optimizers
from unbend.network.optimizers import with_l1

from .node import needs_node, run_engine

pytestmark = needs_node
EPOCHS = 100


def test_random_numbers_are_those_of_numpy(tmp_path: Path) -> None:
    seeds = [[0], [7], [3, 2], [2**32 - 1], [1, 2, 3, 4, 5, 6]]
    code = """answer(given.map((seed) => {
      const random = new random_module.Random(...seed);
      const list = (n, f) => Array.from({ length: n }, f);
      return [list(5, () => random.double()), list(30000, () => random.normal()),
              [1, 7, 30].map((n) => random.permutation(list(n, (_, i) => 10 * i))), random.double()];
    }));"""
    for seed, (doubles, normals, orders, last) in zip(seeds, run_engine(tmp_path, code, seeds), strict=True):
        rng = np.random.default_rng(seed)
        assert doubles == rng.random(5).tolist()
        np.testing.assert_allclose(normals, rng.normal(size=30000), rtol=1e-13, atol=1e-14)
        assert np.abs(normals).max() > 3.7  # some from the tail beyond the strips
        assert orders == [rng.permutation(10 * np.arange(n)).tolist() for n in (1, 7, 30)]
        assert last == rng.random()


def test_toy_data_is_the_same(tmp_path: Path) -> None:
    jobs = [[name, noise, seed] for name in TOY_DATASETS for noise, seed in ((0.0, 0), (0.3, 5))]
    code = """answer([given.map(([name, noise, seed]) =>
      data_module.toyDataset({ name, noise, seed, held: 0.3, inputs: ["x1", "x2"] })),
      data_module.drawnSectors(new random_module.Random(4, 1))]);"""
    sets, sectors = run_engine(tmp_path, code, jobs)
    for (name, noise, seed), found in zip(jobs, sets, strict=True):
        data = toy_dataset(name, noise, 0.3, seed)
        np.testing.assert_allclose(np.reshape(found["x"], (-1, 2)), data.x, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(found["y"], data.y, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(found["box"], data.box)
        for side in ("train", "validation"):
            assert found[f"{side}Rows"] == getattr(data, f"{side}_rows").tolist()
    x, y = SECTORS(np.random.default_rng([4, 1]), 0.0)
    np.testing.assert_allclose(sectors[:2], x.T, rtol=1e-13)
    assert sectors[2] == y.tolist()


def test_activations_and_slopes_are_those_of_the_records(tmp_path: Path) -> None:
    x = [*np.linspace(-8, 8, 65), 1e-9, -1e-9, 40.0, -40.0, 700.0, -700.0]
    code = """const x = Float64Array.from(given);
    const [value, slope, alone] = [0, 0, 0].map(() => new Float64Array(x.length));
    answer(Object.entries(records_module.activations).map(([name, { both, values }]) => {
      both(x.length, x, value, slope);
      values(x.length, x, alone);
      return [name, [...value], [...slope], [...alone]];
    }));"""
    found = run_engine(tmp_path, code, x)
    assert [name for name, *_ in found] == [*ub.activations]
    for name, value, slope, alone in found:
        expected = ub.activations[name].value_and_slope(np.array(x))
        np.testing.assert_allclose(value, expected[0], rtol=1e-14, atol=1e-300, err_msg=name)
        np.testing.assert_allclose(slope, expected[1], rtol=1e-13, atol=1e-15, err_msg=name)
        assert alone == value


def jobs() -> list[dict[str, Any]]:
    """Every toy data set with five seeds; every activation, loss, optimizer and penalty among them."""
    names = cycle(name for name, record in ub.activations.items() if record.learns)
    updates = cycle((name, penalty) for penalty in ("none", "l2", "l1") for name in optimizers)
    rates = {"sgd": 0.05, "momentum": 0.01, "adam": 0.01, "adamw": 0.01}
    found = []
    for seed in range(5):
        for name, record in TOY_DATASETS.items():
            optimizer, penalty = next(updates)
            kinds = ("logistic", "cross_entropy", "squared") if record.classes else ("squared", "absolute", "huber")
            rate = rates[optimizer] / (10 if kinds[seed % 3] == "absolute" else 1)
            settings = {"layers": [[5, next(names)], [4, next(names)]], "loss": kinds[seed % 3], "optimizer": optimizer,
                        "penalty": penalty, "decay": 0.001, "rate": rate, "batch": (20, 32, 64)[seed % 3],
                        "seed": seed, "patience": 0}  # fmt: skip
            found.append({"name": name, "settings": settings})
    return found


def trained_beside(folder: Path) -> Iterator[tuple[dict[str, Any], list[float], Sequence[float], float]]:
    """Every job with the losses in JavaScript and in Python, and by how much their held-out accuracies differ."""
    given = jobs()
    code = f"""answer(given.map(({{ name, settings }}) => {{
      const seed = settings.seed;
      const data = data_module.toyDataset({{ name, noise: 0.1, held: 0.3, seed, inputs: ["x1", "x2"] }});
      data.outputs = settings.loss === "cross_entropy" ? 2 : 1;
      const run = new training_module.Training(data, settings);
      return [Array.from({{ length: {EPOCHS} }}, () => run.pass()), run.standing()];
    }}));"""
    for job, (found, standing) in zip(given, run_engine(folder, code, given), strict=True):
        s, data = job["settings"], toy_dataset(job["name"], 0.1, 0.3, job["settings"]["seed"])
        (n1, h1), (n2, h2) = s["layers"]
        outputs = 2 if s["loss"] == "cross_entropy" else 1
        layers = [ub.Dense(2, n1, h1), ub.Dense(n1, n2, h2), ub.Dense(n2, outputs)]
        net = ub.Network(layers, seed=s["seed"], dtype="float64")
        rows, held = data.train_rows, data.validation_rows
        trained, history = ub.train(
            net, data.x[rows], data.y[rows], loss=s["loss"], learning_rate=s["rate"], batch_size=s["batch"],
            optimizer=with_l1(s["optimizer"]) if s["penalty"] == "l1" else s["optimizer"], epochs=EPOCHS,
            weight_decay=0 if s["penalty"] == "none" else s["decay"], seed=s["seed"],
        )  # fmt: skip
        difference = 0.0
        if s["loss"] == "cross_entropy":
            difference = standing["scores"][1] - (trained(data.x[held]).argmax(axis=1) == data.y[held]).mean()
        yield job, found, history.train_loss, difference


def test_training_gives_the_losses_of_ub_train(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Data, weights, minibatches and steps all made in JavaScript from the seeds alone."""
    monkeypatch.setenv("UNBEND_ENGINE", "numpy")
    assert {layer[1] for job in jobs() for layer in job["settings"]["layers"]} == {*ub.activations} - {"step"}
    assert {job["settings"]["loss"] for job in jobs()} == {*losses}
    for job, found, expected, difference in trained_beside(tmp_path):
        np.testing.assert_allclose(found, expected, rtol=1e-6, err_msg=str(job))
        assert difference == pytest.approx(0)


def trained_nets() -> list[tuple[ub.Network, list[list[float]]]]:
    """Networks of piecewise linear layers with boxes; some with lines on corners, on each other, or nowhere."""
    rng = np.random.default_rng(0)
    found: list[tuple[ub.Network, list[list[float]]]] = []
    pairs = ["relu relu", "hard_tanh leaky_relu", "abs relu6", "identity relu", "step relu", "hard_sigmoid identity"]
    for seed, (first, second) in enumerate(map(str.split, pairs)):
        net = ub.Network([ub.Dense(2, 8, first), ub.Dense(8, 8, second), ub.Dense(8, 1)], seed=seed, dtype="float64")
        moved = [(W, b + rng.normal(0, 0.5, b.shape)) for W, b in net.arrays]
        found.append((net.with_arrays(moved), [[-5, 5], [-4, 6]]))
    grid = ([[1.0, 0.0, 1.0, 1.0, 0.0], [0.0, 1.0, 1.0, -1.0, 0.0]], [0.0, 0.0, 0.0, 0.0, 1.0])  # all through (0, 0)
    twice = (np.tile(grid[0], 2), np.tile(grid[1], 2))
    for W, b in (grid, twice):
        top = (np.ones((len(b), 1)), np.zeros(1))
        found.append((ub.Network.from_arrays([(W, b), top], ["relu", "identity"]), [[-1, 1], [-1, 1]]))
    return found


def test_pieces_are_counted_as_exactly_as_the_package_counts(tmp_path: Path) -> None:
    nets = trained_nets()
    given = [[[{"inputs": layer.inputs, "outputs": layer.outputs, "activation": layer.activation.name,
                "W": layer.W.ravel().tolist(), "b": layer.b.tolist()} for layer in net.layers], box]
             for net, box in nets]  # fmt: skip
    code = """answer(given.map(([layers, box]) => {
      const cells = pieces_module.linearPieces(layers, box, [[1, 0, 0], [0, 1, 0]]);
      return [cells.map(({ polygon, maps }) => [polygon, maps[0]]), pieces_module.edgesOf(cells).length / 4];
    }));"""
    for (net, box), (cells, edges) in zip(nets, run_engine(tmp_path, code, given), strict=True):
        exact = ub.regions(net, box)
        assert len(cells) == exact.count, net
        assert edges >= len(cells)
        areas = []
        for polygon, (a, b, c) in cells:
            corners = np.reshape(polygon, (-1, 2))
            x, y = corners.T
            areas.append(float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)
            inside = corners.mean(axis=0)
            assert net(inside)[0] == pytest.approx(a * inside[0] + b * inside[1] + c, abs=1e-9)
        np.testing.assert_allclose(sorted(areas), sorted(exact.areas), rtol=1e-6, atol=1e-9)


def test_messages_are_those_of_the_catalogue(tmp_path: Path) -> None:
    """Placeholders, numbers and Korean particles are filled in as in Python."""
    from unbend.lab.static_page.sources import page_modules
    from unbend.words import say

    words = "나이 값 서울 0 1 3 6 2 model sigmoid tanh x l relu) h2_1 step".split()
    given = [[name, {"name": word}] for name in ("lab.no_slope", "lab_file.weights_of") for word in words]
    given += [["lab_file.layers_count", {"count": n}] for n in (0, 1, 2000)]
    modules = page_modules()
    code = f"""{modules["texts"]}{modules["words"]}
    answer(words_module.languages.map((name) => {{
      words_module.speak(name);
      return given.map(([key, values]) => words_module.say(key, values));
    }}));"""
    for language, found in zip(("en", "ko"), run_engine(tmp_path, code, given), strict=True):
        ub.set_language(language)
        assert found == [say(key, **values) for key, values in given]


def test_presets_show_what_they_promise(tmp_path: Path) -> None:
    """Accuracy on held-out rows after 150 epochs: guessing without a bend, nearly all right with bends or a line."""
    presets = "const presets_module = (() => {" + module("presets").replace("export ", "") + "return { PRESETS }; })();"
    code = (
        presets
        + """answer(Object.fromEntries(Object.entries(presets_module.PRESETS).map(([name, hash]) => {
      const given = new URLSearchParams(hash);
      const texts = given.get("layers").split(",").filter(Boolean);
      const layers = texts.map((text) => [parseInt(text), text.replace(/^\\d+/, "")]);
      const noise = Number(given.get("noise") ?? 10) / 100;
      const data = data_module.toyDataset({ name: given.get("data"), noise, held: 0.3, seed: 0, inputs: ["x1", "x2"] });
      const rate = Number(given.get("rate") ?? 0.01);
      const others = { loss: "logistic", optimizer: "adam", penalty: "none", decay: 0, batch: 10 };
      const run = new training_module.Training(data, { layers, rate, seed: 0, patience: 0, ...others });
      for (let epoch = 0; epoch < 150; epoch++) run.train();
      return [name, run.standing().scores[1]];
    })));"""
    )
    accuracy = run_engine(tmp_path, code)
    assert accuracy["xor_without_bend"] < 0.7
    assert accuracy["spiral"] > 0.95
    assert accuracy["one_line"] > 0.95


def test_a_long_run_keeps_few_epochs_of_its_history(tmp_path: Path) -> None:
    code = module("history").replace("export ", "")
    code += """
    const history = new History();
    const told = (from, count) => history.add(Array.from({ length: count }, (_, n) => [from + n]), from);
    told(0, 1);
    told(1, 7);
    const few = history.drawn(300);
    for (let from = 8; from < 100008; from += 1000) told(from, 1000);
    const many = [history.kept.length, history.drawn(300), history.epoch, history.last];
    told(0, 2);
    answer([few, many, history.drawn(300)]);"""
    few, (kept, many, epoch, last), anew = run_engine(tmp_path, code)
    assert few == [[n, [n]] for n in range(8)] and anew == [[0, [0]], [1, [1]]]
    assert epoch == 100007 and last == [100007] and kept <= 2000
    assert 150 < len(many) <= 301 and many[0] == [0, [0]] and many[-1] == [100007, [100007]]
    assert all(n == entry[0] for n, entry in many) and [n for n, _ in many] == sorted(n for n, _ in many)
