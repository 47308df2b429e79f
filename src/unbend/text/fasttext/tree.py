"""`LabelTree`: the tree of a hierarchical softmax, as fastText builds it from the labels' counts (a Huffman tree)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...arrays import Array


@dataclass(frozen=True, eq=False)
class LabelTree:
    """Node k (from 0; the last is the root) has the children ``children[k]``: left and right.

    Numbers below the count of labels are labels, the others nodes: that count + k.
    """

    children: Array

    @classmethod
    def from_counts(cls, counts: Sequence[int]) -> LabelTree:
        """``HierarchicalSoftmaxLoss::buildTree``: the two rarest of what is left are joined, again and again."""
        labels = len(counts)
        weights = [*counts, *[10**15] * (labels - 1)]
        leaf, node = labels - 1, labels
        children = np.zeros((max(labels - 1, 0), 2), np.int64)
        for k in range(labels - 1):
            for side in (0, 1):
                if leaf >= 0 and (node >= labels + k or weights[leaf] < weights[node]):
                    children[k, side], leaf = leaf, leaf - 1
                else:
                    children[k, side], node = node, node + 1
            weights[labels + k] = weights[children[k, 0]] + weights[children[k, 1]]
        return cls(children)

    @property
    def label_count(self) -> int:
        """The number of labels."""
        return len(self.children) + 1

    def probabilities(self, scores: Array) -> Array:
        """(n, labels) from the nodes' scores (n, labels - 1): a node goes right with the probability σ(score)."""
        labels = self.label_count
        logs = np.zeros((2 * labels - 1, len(scores)))
        for k in range(labels - 2, -1, -1):
            left, right = self.children[k]
            logs[left] = logs[labels + k] - np.logaddexp(0, scores[:, k])
            logs[right] = logs[labels + k] - np.logaddexp(0, -scores[:, k])
        return np.exp(logs[:labels].T)

    def names(self, labels: Sequence[str]) -> tuple[str, ...]:
        """What each node decides: "left | right", each side by one label and how many others."""
        first, size = [*labels], [1] * len(labels)
        names = []
        for left, right in self.children:
            names.append(" | ".join(first[i] + (f" +{size[i] - 1}" if size[i] > 1 else "") for i in (right, left)))
            first.append(first[left])
            size.append(size[left] + size[right])
        return tuple(names)
