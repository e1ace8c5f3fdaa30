"""A question of a window is answered also where it cannot be, with the `Problem`: a window that got no answer would
wait for ever. An exception that is none is a mistake of ours: it is logged, and the window is told where to look."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from desktop.problems import Problem

if TYPE_CHECKING:
    from desktop.engine import Engine

logger = logging.getLogger(__name__)

type Post = Callable[[Callable[[Engine], object]], None]
"""Has work done on the engine's loop."""

type Call = Callable[[Callable[[], object]], None]
"""Has a function called on the main thread."""

WRONG = Problem("Something went wrong.", "The log says what.")


def answered[T](work: Callable[[], T], wrong: Problem = WRONG) -> T | Problem:
    """What `work` returns, the `Problem` that it raises, or `wrong`, which is said of a mistake."""
    try:
        return work()
    except Problem as problem:
        return problem
    except Exception:
        logger.exception("what a window asked for failed")
        return wrong


async def answered_later[T](work: Callable[[], Awaitable[T]], wrong: Problem = WRONG) -> T | Problem:
    """The same of work that is awaited."""
    try:
        return await work()
    except Problem as problem:
        return problem
    except Exception:
        logger.exception("what a window asked for failed")
        return wrong
