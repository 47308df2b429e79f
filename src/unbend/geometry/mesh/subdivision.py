"""`subdivide`: splits a slice layer by layer along the hyperplanes where neurons bend, until every cell is affine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...arrays import Array
from ...network import Network
from ..slices import Slice
from .arrangement import BlockCuts, Faces, arrange_cuts
from .cell_boundaries import cell_boundaries, end_nodes
from .cell_cuts import Cuts, find_cuts
from .cell_tree import CellTree, Level
from .cut_sides import CutSides
from .edge_splits import EdgeSplits, split_edge_table, split_edges
from .exact_predicates import ExactPredicates
from .polygon_mesh import Lines, PolygonMesh, box_mesh
from .scaled_layers import scaled_layers

BLOCK = 1 << 17  # boundary nodes processed at once


@dataclass(frozen=True, eq=False)
class Subdivision:
    """The finished mesh of a slice, and the tree that patterns and maps of its cells are computed from."""

    domain: Slice
    mesh: PolygonMesh
    tree: CellTree
    exact: ExactPredicates


def subdivide(nets: Sequence[Network], domain: Slice) -> Subdivision:
    """Split the slice until every network is affine on every cell. Raises ``ModelError`` for curved activations."""
    layers = scaled_layers(nets, domain)
    tree = CellTree(domain, layers)
    exact = ExactPredicates(domain, layers, tree)
    mesh = box_mesh(domain)
    for s in range(len(layers)):
        mesh = _split_cells(mesh, tree, s, exact)
    return Subdivision(domain, mesh, tree, exact)


def _split_cells(mesh: PolygonMesh, tree: CellTree, layer: int, exact: ExactPredicates) -> PolygonMesh:
    """The mesh after one more layer; its level is added to the tree."""
    scaled = tree.layers[layer]
    last = layer + 1 == len(tree.layers) or tree.layers[layer + 1].first
    if not scaled.hyperplanes and last:
        tree.levels.append(Level(np.arange(mesh.cells), np.zeros((mesh.cells, 0), dtype=np.uint8)))
        return mesh
    cuts = find_cuts(mesh, tree, layer, exact)
    if not len(cuts):
        tree.levels.append(Level(np.arange(mesh.cells), cuts.sign_bits))
        return mesh
    lines = mesh.lines.plus(cuts.lines)
    splits = split_edges(mesh, lines, cuts, exact, after_jump=scaled.after_jump)
    is_cut = np.zeros(mesh.cells, dtype=bool)
    is_cut[cuts.lines.cell] = True
    if scaled.after_jump:  # a neighbour's cut may end on an edge of a cell that has none
        is_cut |= np.add.reduceat(splits.count[mesh.edge], mesh.start[:-1]) > 0
    faces, cells = _faces_by_block(
        mesh=mesh, cuts=cuts, splits=splits, lines=lines, exact=exact, cut_cells=np.flatnonzero(is_cut)
    )
    new, parent = _assemble(
        mesh=mesh, splits=splits, lines=lines, faces=faces, cells=cells, uncut=np.flatnonzero(~is_cut)
    )
    level = Level(parent, cuts.sign_bits[parent])
    level.complete = CutSides(
        mesh=new,
        level=level,
        hyperplanes=scaled.hyperplanes,
        cuts=cuts,
        first_line=len(mesh.lines),
        exact=exact,
    )
    tree.levels.append(level)
    return new


def _faces_by_block(
    mesh: PolygonMesh, cuts: Cuts, splits: EdgeSplits, lines: Lines, exact: ExactPredicates, cut_cells: Array
) -> tuple[list[Faces], list[Array]]:
    """The faces of all cells that are cut, a block of cells at a time to keep the memory low; each block's cells."""
    nodes = np.add.reduceat(1 + splits.count[mesh.edge], mesh.start[:-1])[cut_cells]
    block = (np.cumsum(nodes) - 1) // BLOCK
    first_vertex, first_edge = (len(table) + len(splits.vertices) for table in (mesh.xy, mesh.edge_line))
    faces: list[Faces] = []
    blocks = np.split(cut_cells, np.flatnonzero(np.diff(block)) + 1)
    for cells in blocks:
        low, high = np.searchsorted(cuts.lines.cell, [cells[0], cells[-1] + 1])
        own = slice(int(low), int(high))
        boundaries = cell_boundaries(mesh, splits, cells)
        cell = np.searchsorted(cells, cuts.lines.cell[own])
        tail = end_nodes(
            boundaries,
            mesh,
            splits,
            cell=cell,
            half_edge=cuts.tail[own],
            at_vertex=cuts.tail_at_vertex[own],
            rank=splits.tail_rank[own],
        )
        head = end_nodes(
            boundaries,
            mesh,
            splits,
            cell=cell,
            half_edge=cuts.head[own],
            at_vertex=cuts.head_at_vertex[own],
            rank=splits.head_rank[own],
        )
        block_cuts = BlockCuts(cell, tail, head, len(mesh.lines) + np.arange(own.start, own.stop))
        faces.append(
            arrange_cuts(boundaries, block_cuts, lines, exact, first_vertex=first_vertex, first_edge=first_edge)
        )
        first_vertex += len(faces[-1].vertices)
        first_edge += len(faces[-1].edge_line)
    return faces, blocks


def _assemble(
    mesh: PolygonMesh, splits: EdgeSplits, lines: Lines, faces: list[Faces], cells: list[Array], uncut: Array
) -> tuple[PolygonMesh, Array]:
    """The new mesh, its cells ordered by the cell they were cut from, and that cell's number."""
    corners = mesh.start[uncut + 1] - mesh.start[uncut]
    half_edges = np.arange(int(corners.sum())) + np.repeat(mesh.start[uncut] - np.cumsum(corners) + corners, corners)
    edge = mesh.edge[half_edges]
    parent = np.concatenate([uncut, *(c[f.parent] for f, c in zip(faces, cells, strict=True))])
    size = np.concatenate([corners, *(f.size for f in faces)])
    order = np.argsort(parent, kind="stable")
    begin = (np.cumsum(size) - size)[order]
    size = size[order]
    start = np.concatenate([[0], np.cumsum(size)])
    sorted_half_edges = np.arange(int(start[-1])) + np.repeat(begin - start[:-1], size)
    ends, edge_line = split_edge_table(mesh, splits)
    vertices = [splits.vertices, *(f.vertices for f in faces)]
    new = PolygonMesh(
        xy=np.concatenate([mesh.xy, *(v.xy for v in vertices)]),
        error=np.concatenate([mesh.error, *(v.error for v in vertices)]),
        vertex_lines=np.concatenate([mesh.vertex_lines, *(v.lines for v in vertices)]),
        ends=np.concatenate([ends, *(f.ends for f in faces)]),
        edge_line=np.concatenate([edge_line, *(f.edge_line for f in faces)]),
        start=start,
        origin=np.concatenate([mesh.origin[half_edges], *(f.origin for f in faces)])[sorted_half_edges],
        edge=np.concatenate([edge + splits.first[edge], *(f.edge for f in faces)])[sorted_half_edges],
        forward=np.concatenate([mesh.forward[half_edges], *(f.forward for f in faces)])[sorted_half_edges],
        lines=lines,
    )
    return new, parent[order]
