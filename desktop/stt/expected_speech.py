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


_FIND_EXPECTED: ContextVar[FindExpected] = ContextVar("find_expected", default=_expect_nothing)


@contextmanager
def expecting(find: FindExpected) -> Iterator[None]:
    """Have `find` asked at each decode of the transcriptions that begin in this context."""
    token = _FIND_EXPECTED.set(find)
    try:
        yield
    finally:
        _FIND_EXPECTED.reset(token)


def find_expected(language: str) -> tuple[str, ...]:
    """Return what is likely to be said in `language` here, as a prompt has it: one text or none."""
    expected = _FIND_EXPECTED.get()(language)
    return (expected,) if expected else ()
