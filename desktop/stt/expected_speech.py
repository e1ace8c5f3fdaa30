"""What a dictation is likely to say, for a model that takes a text as said before (Whisper).

The window in which the words are wanted is found while the user speaks, so that it is asked for at each decode. It is a
context variable: between the dictation and the decode are recognizers that have no use for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

type FindExpected = Callable[[str], str]
"""Returns what is likely to be said in a language, empty for nothing in particular."""


def _expect_nothing(language: str) -> str:
    return ""


class _Expectation:
    """What is asked in one context. Tasks that outlive it keep a copy of the context, and so this alone."""

    def __init__(self, find: FindExpected) -> None:
        self.find = find


_EXPECTATION: ContextVar[_Expectation | None] = ContextVar("expectation", default=None)


@contextmanager
def expecting(find: FindExpected) -> Iterator[None]:
    """Have `find` asked at each decode of the transcriptions that begin in this context, as long as it lasts."""
    expectation = _Expectation(find)
    token = _EXPECTATION.set(expectation)
    try:
        yield
    finally:
        _EXPECTATION.reset(token)
        expectation.find = _expect_nothing


def find_expected(language: str) -> str:
    """Return what is likely to be said in `language` here; empty for nothing in particular, or where none is known."""
    expectation = _EXPECTATION.get()
    return "" if expectation is None else expectation.find(language)
