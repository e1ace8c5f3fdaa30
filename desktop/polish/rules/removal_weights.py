"""The weights that judge removals, and the classes of words: loaded when the first text needs them or by `load_rules`.

Training judges with others than those that ship (`try_weights`); a dictation never does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from typing import NamedTuple

from desktop.polish.rules.tokens import SpokenText
from models.polish.removals import RemovalModel


class _Trial(NamedTuple):
    """Weights, and the least probabilities of a removal if they are not those of its mode."""

    model: RemovalModel
    thresholds: tuple[float, float] | None


_trial: ContextVar[_Trial | None] = ContextVar("_trial", default=None)


def load_model() -> RemovalModel:
    """Return the weights."""
    trial = _trial.get()
    return _load_shipped() if trial is None else trial.model


def tried_thresholds() -> tuple[float, float] | None:
    """Return the thresholds under trial, None outside `try_weights`."""
    trial = _trial.get()
    return None if trial is None else trial.thresholds


@contextmanager
def try_weights(model: RemovalModel, thresholds: tuple[float, float] | None = None) -> Iterator[None]:
    """Judge removals by `model`, and in every mode with these `thresholds` if given, until the block ends."""
    token = _trial.set(_Trial(model, thresholds))
    try:
        yield
    finally:
        _trial.reset(token)


@lru_cache(maxsize=4)
def word_classes(spoken: SpokenText) -> list[int]:
    """Return the class of each word that is no sound. The result is shared: do not change it."""
    model = load_model()
    return [model.word_class(word) for word in spoken.words]


@cache
def _load_shipped() -> RemovalModel:
    return RemovalModel.load()
