"""The pieces tile the box, share edges, carry the right maps, and are continuous across them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from nets import exact_cells, he, one_layer, published

import unbend as ub
from unbend.geometry import Regions

CASES = {
    "relu": he([2, 20, 20, 1], 0),
    "three layers": he([2, 12, 12, 12, 2], 1),
    "leaky and hard tanh": he([2, 16, 10, 1], 2, ["leaky_relu", "hard_tanh"]),
    "zero bias": he([2, 16, 16, 1], 3, bias=0.0),
    "float32": he([2, 20, 20, 1], 4, dtype="float32"),
    "own formula": he([2, 9, 9, 1], 5, ["abs(abs(x) - 1)", "max(x, 0.2*x)"]),
}


def exact(net: ub.Network, **where: object) -> Regions:
    found = ub.regions(net, **where)  # type: ignore[arg-type]
    assert isinstance(found, Regions)
    return found


@pytest.mark.parametrize("name", CASES)
def test_areas_sum_to_the_box_and_edges_match(name: str) -> None:
    box = [[-1.5, 2], [-1, 0.75]]
    found = exact(CASES[name], box=box)
    assert abs(found.areas.sum() - 3.5 * 1.75) <= 1e-12 * 3.5 * 1.75
    assert (found.areas > 0).all()
    edges = found.edges
    inner = (edges.left >= 0) & (edges.right >= 0)
    # every inner edge has a piece on both sides, and the others lie on the box
    assert (edges.layer[inner] >= 0).all() and (edges.layer[~inner] == -1).all()
    sides: dict[tuple[int, int], int] = {}
    for piece, corners in enumerate(found.corners):
        for a, b in zip(corners, np.roll(corners, -1), strict=True):
            assert (int(a), int(b)) not in sides  # each side once, counterclockwise
            sides[int(a), int(b)] = piece
    for (a, b), piece in sides.items():
        assert (b, a) in sides or not inner.all()
        if (b, a) in sides:
            assert sides[b, a] in found.neighbours[piece] and piece in found.neighbours[sides[b, a]]
    # Euler: vertices - edges + faces = 1 without the outer face
    assert len(found.vertices) - len(edges) + found.count == 1


@pytest.mark.parametrize("name", CASES)
def test_maps_are_the_network_and_continuous(name: str) -> None:
    net = CASES[name]
    found = exact(net)
    points = np.random.default_rng(0).uniform(-1, 1, (20_000, 2))
    piece = found.find(points)
    assert (piece >= 0).mean() > 0.999
    points, piece = points[piece >= 0], piece[piece >= 0]
    ours = np.einsum("nod,nd->no", found.maps.A[piece], points) + found.maps.c[piece]
    wide = ub.Network.from_arrays([(W.astype(float), b.astype(float)) for W, b in net.arrays],
                                  [layer.activation for layer in net.layers])  # fmt: skip
    assert np.abs(ours - wide(points)).max() < 1e-12
    edges = found.edges
    inner = (edges.left >= 0) & (edges.right >= 0)
    for end in (0, 1):
        at = found.vertices[edges.ends[inner, end]]
        left, right = (
            np.einsum("nod,nd->no", found.maps.A[side[inner]], at) + found.maps.c[side[inner]]
            for side in (edges.left, edges.right)
        )
        assert np.abs(left - right).max() < 1e-11


def test_polygons_and_maps_equal_those_in_fractions() -> None:
    net = he([2, 7, 6, 1], 11)
    found = exact(net)
    truth = exact_cells(net, [[-1, 1], [-1, 1]])
    middles = np.array([[float(sum(p[k] for p in polygon) / len(polygon)) for k in (0, 1)] for polygon, _ in truth])
    piece = found.find(middles)
    assert sorted(piece) == list(range(found.count))
    for k, (polygon, maps) in zip(piece, truth, strict=True):
        theirs = {tuple(np.round([float(v) for v in p], 9)) for p in polygon}
        assert {tuple(np.round(p, 9)) for p in found.polygons[k]} == theirs
        a, b, c = (float(v) for v in maps[0])
        assert np.allclose(found.maps[k].A, [[a, b]], atol=1e-12) and np.allclose(found.maps[k].c, [c], atol=1e-12)


def test_every_pattern_of_a_million_points_is_among_the_pieces(shared: Path) -> None:
    rng = np.random.default_rng(5)
    for name, net, _ in published(shared / "data" / "networks"):
        if name == "M_128x2":
            continue
        known = {row.tobytes() for row in exact(net).patterns}
        seen: set[bytes] = set()
        for _ in range(20):
            h = rng.uniform(-1, 1, (50_000, 2))
            bits = []
            for W, b in net.arrays[:-1]:  # by hand, not through the package
                z = h @ W + b
                bits.append(z > 0)
                h = np.maximum(z, 0)
            seen.update(row.tobytes() for row in np.unique(np.packbits(np.concatenate(bits, axis=1), axis=1), axis=0))
        assert seen <= {np.packbits(np.frombuffer(row, dtype=np.uint8)).tobytes() for row in known}, name


def test_planes_and_segments_of_more_inputs() -> None:
    net = he([5, 16, 16, 2], 6)
    rng = np.random.default_rng(2)
    origin, d1, d2 = rng.normal(size=(3, 5))
    found = exact(net, box=[[-1, 2], [0, 1]], plane=(origin, d1, d2))
    uv = rng.uniform([-1, 0], [2, 1], (5_000, 2))
    piece = found.find(uv)
    ours = np.einsum("nod,nd->no", found.maps.A[piece], uv) + found.maps.c[piece]
    assert np.abs(ours - net(origin + uv @ np.stack([d1, d2]))).max() < 1e-12
    line = exact(net, box=[-1, 2], plane=(origin, d1))
    breaks = [low for low, _ in line.polygons[1:]]
    u = np.linspace(-1, 2, 20_001)
    values = net(origin + u[:, None] * d1)
    bends = np.abs(np.diff(values, 2, axis=0)).max(axis=1) > 1e-9
    assert len(breaks) >= 1 and np.all(np.min(np.abs(u[1:-1][bends][:, None] - breaks), axis=1) < 2e-4)
    assert abs(line.areas.sum() - 3) < 1e-12
    assert [list(n) for n in line.neighbours] == [
        [k for k in (i - 1, i + 1) if 0 <= k < line.count] for i in range(line.count)
    ]


def test_lipschitz_is_the_steepest_slope() -> None:
    net = he([2, 10, 10, 1], 7)
    found = exact(net)
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, (200_000, 2))
    step = rng.normal(size=x.shape)
    step *= 1e-6 / np.linalg.norm(step, axis=1, keepdims=True)
    steepest = np.abs(net(x + step) - net(x)).max() / 1e-6
    assert steepest <= found.lipschitz * (1 + 1e-6) and steepest > 0.95 * found.lipschitz
    assert exact(one_layer([[1], [1]], [0], "step")).lipschitz == np.inf


def test_bends_that_do_not_reach_the_output_can_be_counted_as_none() -> None:
    net = one_layer([[1, 0], [0, 1]], [0, 0])
    deaf = net.with_arrays([net.arrays[0], (np.array([[1.0], [0.0]]), np.zeros(1))])
    found = exact(deaf)
    assert (found.count, found.merged) == (4, 2)
