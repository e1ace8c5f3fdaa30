"""Who may wait: a recording of yesterday gives way to what is being said now.

A context variable, since it concerns the task and all that it starts, and no port: a recognizer that has nothing to
queue for, as a service has not, need not know of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

PATIENT: ContextVar[bool] = ContextVar("patient", default=False)
"""Whether what is transcribed here may wait for everything else."""


@contextmanager
def patiently() -> Iterator[None]:
    """What is transcribed in this block may wait."""
    before = PATIENT.set(True)
    try:
        yield
    finally:
        PATIENT.reset(before)
