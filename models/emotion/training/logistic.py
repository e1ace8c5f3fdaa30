"""Fit logistic regression in numpy: the loss and its gradient, minimised by L-BFGS.

Training needs nothing else, so that training for another model requires no installation. Features are a dense array or
`SparseRows`, the part of a sparse matrix that is needed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.emotion.labels import Floats

type Ints = NDArray[np.int64]

MEMORY_PAIRS = 10
"""Pairs of steps that L-BFGS remembers (Nocedal and Wright, Numerical Optimization, 7.2: 3 to 20)."""

MIN_RELATIVE_GAIN = 1e-5
"""Relative decrease of the loss below which a step is the last."""


@dataclass(frozen=True, slots=True)
class SparseRows:
    """A sparse matrix by rows: row i has `values[starts[i]:starts[i + 1]]` in the columns at the same places.

    No row is empty; each has at least one value, which may be 0.
    """

    starts: Ints
    columns: Ints
    values: Floats
    width: int

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and columns."""
        return len(self.starts) - 1, self.width

    def __matmul__(self, weights: Floats) -> Floats:
        """Return the product with a dense (columns, k), shape (rows, k)."""
        return np.stack([self._sums(weights[:, k]) for k in range(weights.shape[1])], axis=1)

    def _sums(self, weights: Floats) -> Floats:
        return np.add.reduceat(self.values * weights[self.columns], self.starts[:-1])

    def transposed_product(self) -> Callable[[Floats], Floats]:
        """Return a function that multiplies the transposed matrix with a dense (rows, k), shape (columns, k)."""
        order = np.argsort(self.columns, kind="stable")
        rows = np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))[order]
        values, columns = self.values[order], self.columns[order]
        used, starts = np.unique(columns, return_index=True)

        def multiply(dense: Floats) -> Floats:
            product = np.zeros((self.width, dense.shape[1]), np.float32)
            for k in range(dense.shape[1]):
                product[used, k] = np.add.reduceat(values * dense[rows, k], starts)
            return product

        return multiply


def make_rows(counted: Sequence[dict[int, float]], width: int) -> SparseRows:
    """Return the matrix whose rows are given as their values by column."""
    starts = np.zeros(len(counted) + 1, np.int64)
    np.cumsum([max(1, len(row)) for row in counted], out=starts[1:])
    columns, values = np.zeros(starts[-1], np.int64), np.zeros(starts[-1], np.float32)
    for start, row in zip(starts[:-1], counted, strict=True):
        columns[start : start + len(row)] = list(row)
        values[start : start + len(row)] = list(row.values())
    return SparseRows(starts, columns, values, width)


def fit_logistic(
    features: SparseRows | Floats,
    targets: Floats,
    *,
    l2: float,
    kind: Literal["each", "one"],
    weights: Floats | None = None,
    steps: int = 100,
) -> tuple[Floats, Floats]:
    """Return weights (columns, k) and biases (k,) that predict the `targets` (rows, k), each in [0, 1], from the
    `features`.

    `kind` "each" means k binary classifiers; "one" means one of k, whose targets sum to 1. `l2` is the weight of half
    the sum of squares of the weights beside the mean loss; `weights` (rows,) are the weights of the rows.
    """
    count, width = features.shape
    k = targets.shape[1]
    share = np.full(count, 1 / count, np.float32) if weights is None else (weights / weights.sum()).astype(np.float32)
    transposed_product = (
        features.transposed_product() if isinstance(features, SparseRows) else lambda dense: features.T @ dense
    )

    def loss(flat: Floats) -> tuple[float, Floats]:
        matrix = flat.reshape(width + 1, k)
        w, b = matrix[:-1], matrix[-1]
        scores = features @ w + b
        if kind == "each":
            costs = np.logaddexp(0, scores) - targets * scores
            wrong = 1 / (1 + np.exp(-scores)) - targets
        else:
            scores = scores - scores.max(1, keepdims=True)
            total = np.log(np.exp(scores).sum(1, keepdims=True))
            costs = targets * (total - scores)
            wrong = np.exp(scores - total) - targets
        wrong = (wrong * share[:, None]).astype(np.float32)
        gradient = np.concatenate([transposed_product(wrong) + l2 * w, wrong.sum(0)[None]])
        return float((costs.sum(1) * share).sum() + l2 / 2 * (w * w).sum()), gradient.ravel()

    solution = minimise(loss, np.zeros((width + 1) * k, np.float32), steps).reshape(width + 1, k)
    return solution[:-1], solution[-1]


def minimise(loss: Callable[[Floats], tuple[float, Floats]], start: Floats, steps: int) -> Floats:
    """Return the minimum of `loss`, which returns its gradient too, by L-BFGS with a backtracking line search."""
    at, (value, gradient) = start, loss(start)
    pairs: deque[tuple[Floats, Floats, float]] = deque(maxlen=MEMORY_PAIRS)
    for _ in range(steps):
        direction = -_two_loops(gradient, pairs)
        slope = float(direction @ gradient)
        size = 1.0 if pairs else min(1.0, 1 / float(np.abs(gradient).sum() + 1e-12))
        while True:
            new = at + np.float32(size) * direction
            new_value, new_gradient = loss(new)
            if new_value <= value + 1e-4 * size * slope or size < 1e-8:
                break
            size /= 2
        step, change = new - at, new_gradient - gradient
        if (curved := float(step @ change)) > 1e-12:
            pairs.append((step, change, 1 / curved))
        gained = value - new_value
        at, value, gradient = new, new_value, new_gradient
        if gained < MIN_RELATIVE_GAIN * max(abs(value), 1e-12):
            break
    return at


def _two_loops(gradient: Floats, pairs: deque[tuple[Floats, Floats, float]]) -> Floats:
    """Return the gradient times the inverse curvature estimated from `pairs` (Nocedal and Wright, algorithm 7.4)."""
    q = gradient.copy()
    alphas = []
    for step, change, rho in reversed(pairs):
        alpha = np.float32(rho * float(step @ q))
        q -= alpha * change
        alphas.append(alpha)
    if pairs:
        step, change, rho = pairs[-1]
        q *= np.float32(1 / (rho * float(change @ change)))
    for (step, change, rho), alpha in zip(pairs, reversed(alphas), strict=True):
        q += step * (alpha - np.float32(rho * float(change @ q)))
    return q
