"""`TrainingRounds`: rounds of minibatches for the networks of some folds, by this process or as a task of a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

import numpy as np

from ..arrays import Array
from ..engine import BinnedRows, infer, run_epoch
from ..network import Recipe, Stack
from ..network.gradient import Pair
from ..train.random_draws import random_order

T = TypeVar("T")
R = TypeVar("R")


class TaskMap(Protocol):
    """Maps a pure, picklable function over items, each a task, and yields the results in the items' order."""

    @property
    def workers(self) -> int:
        """How many tasks run at once."""

    def __call__(self, function: Callable[[T], R], items: Sequence[T], /) -> Iterator[R]:
        """The results, one by one."""


@dataclass(frozen=True, eq=False)
class Members:
    """Networks of one ``kind`` in training, one for each of the ``folds``: their weights and random generators."""

    kind: int
    folds: tuple[int, ...]
    stack: Stack
    generators: list[np.random.Generator]

    @property
    def neighbours(self) -> slice:
        """The folds, which follow each other."""
        return slice(self.folds[0], self.folds[-1] + 1)

    def split(self, count: int) -> list[Members]:
        """So many groups of neighbours, or each by itself."""
        if count == 1:
            return [self]
        pairs, state = self.stack.pairs, self.stack.optimizer_state
        return [
            Members(
                self.kind,
                tuple(self.folds[k] for k in own),
                Stack(
                    [(W[own], b[own]) for W, b in pairs],
                    [(_rows(of_W, own), _rows(of_b, own)) for of_W, of_b in state],
                    self.stack.step,
                ),
                [self.generators[k] for k in own],
            )
            for own in np.array_split(np.arange(len(self.folds)), min(count, len(self.folds)))
        ]


@dataclass(frozen=True, eq=False)
class Turn:
    """A task: these ``members`` are trained for a round at each of the learning ``rates``."""

    members: Members
    rates: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class RoundsDone:
    """The ``members`` after some rounds.

    For each round the training ``losses`` (folds,), the held-out ``outputs`` (folds, rows, k) and the ``weights``.
    """

    members: Members
    losses: list[Array]
    outputs: list[Array]
    weights: list[list[Pair]]

    @classmethod
    def joined(cls, parts: Sequence[RoundsDone]) -> RoundsDone:
        """Those of several folds, which were trained apart, as if trained together."""
        if len(parts) == 1:
            return parts[0]
        stacks = [part.members.stack for part in parts]
        state = [
            (_joined([s.optimizer_state[i][0] for s in stacks]), _joined([s.optimizer_state[i][1] for s in stacks]))
            for i in range(len(stacks[0].pairs))
        ]
        members = Members(
            parts[0].members.kind,
            tuple(fold for part in parts for fold in part.members.folds),
            Stack(_joined_pairs([s.pairs for s in stacks]), state, stacks[0].step),
            [rng for part in parts for rng in part.members.generators],
        )
        rounds = range(len(parts[0].losses))
        return cls(
            members,
            [np.concatenate([part.losses[r] for part in parts]) for r in rounds],
            [np.concatenate([part.outputs[r] for part in parts]) for r in rounds],
            [_joined_pairs([part.weights[r] for part in parts]) for r in rounds],
        )


@dataclass(frozen=True, eq=False)
class TrainingRounds:
    """All that rounds of training need but the members, of all kinds and folds; picklable.

    ``features`` and ``held_out`` are the rows of each kind, (folds, rows) or the same (rows,) for all;
    ``targets`` (n, 1), (n,) or (folds, n, 1). ``rows[r][k]`` are the training rows of fold k in round r; a single list
    is that of every round. A round has so many ``minibatches``; ``calls`` is how many rounds of how many folds are
    planned. A member's numbers do not depend on which others are trained beside it.
    """

    recipes: tuple[Recipe, ...]
    features: tuple[BinnedRows, ...]
    held_out: tuple[BinnedRows, ...]
    targets: Array
    rows: Sequence[Sequence[Array]]
    minibatches: int
    calls: int

    def __call__(self, turn: Turn) -> RoundsDone:
        """Train; the turn's members stay as they are."""
        members, kind = turn.members, turn.members.kind
        recipe, rngs = self.recipes[kind], deepcopy(members.generators)
        stack = Stack(list(members.stack.pairs), list(members.stack.optimizer_state), members.stack.step)
        features, held_out = (_of_members(rows[kind], members) for rows in (self.features, self.held_out))
        y, length = self._targets(members), self.minibatches * recipe.batch_size
        done = RoundsDone(Members(kind, members.folds, stack, rngs), [], [], [])
        for r, rate in enumerate(turn.rates):
            own = [self.rows[r % len(self.rows)][k] for k in members.folds]
            order = np.stack([random_order(rng, train, length) for rng, train in zip(rngs, own, strict=True)])
            with np.errstate(over="ignore", invalid="ignore"):  # they show in the loss
                done.losses.append(run_epoch(recipe, stack, x=features, y=y, order=order, rate=rate, epochs=self.calls))
                done.outputs.append(infer(recipe, stack.pairs, held_out, calls=self.calls))
            done.weights.append(list(stack.pairs))
        return done

    def _targets(self, members: Members) -> Array:
        return self.targets if self.targets.ndim < 3 else np.asarray(self.targets[members.neighbours])


def _of_members(rows: BinnedRows, members: Members) -> BinnedRows:
    """Those of these members."""
    if rows.columns.ndim == 2 or len(members.folds) == len(rows.columns):
        return rows
    if len(members.folds) == 1:
        return rows.of_member(members.folds[0])
    own = members.neighbours
    return replace(rows, columns=rows.columns[own], bins=rows.bins[own], position=rows.position[own])


def _rows(arrays: tuple[Array, ...], own: Array) -> tuple[Array, ...]:
    return tuple(a[own] for a in arrays)


def _joined(parts: Sequence[tuple[Array, ...]]) -> tuple[Array, ...]:
    return tuple(np.concatenate(arrays) for arrays in zip(*parts, strict=True))


def _joined_pairs(parts: Sequence[Sequence[Pair]]) -> list[Pair]:
    return [
        (np.concatenate([W for W, _ in pairs]), np.concatenate([b for _, b in pairs]))
        for pairs in zip(*parts, strict=True)
    ]
