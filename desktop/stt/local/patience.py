"""Mark transcriptions with low priority: a recording from disk yields to live dictation.

A context variable, since it applies to a task and all that it starts, and no parameter of the port: a recognizer
without a queue, such as a service, need not know it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

IS_LOW_PRIORITY: ContextVar[bool] = ContextVar("patient", default=False)
"""Whether a transcription in this context may wait for all others."""


@contextmanager
def low_priority() -> Iterator[None]:
    """Give low priority to transcriptions in this context."""
    before = IS_LOW_PRIORITY.set(True)
    try:
        yield
    finally:
        IS_LOW_PRIORITY.reset(before)
