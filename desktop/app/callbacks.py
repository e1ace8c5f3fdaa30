"""Turn the outcome of work done for a window into a value: its result or a `UserError`.

A window waits for its answer, so every failure must become one. Any other exception is a bug: it is logged with its
traceback and the window gets `UNEXPECTED_ERROR`.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from desktop.core.errors import UserError

logger = logging.getLogger(__name__)

UNEXPECTED_ERROR = UserError("request-failed")


def run_safely[T](work: Callable[[], T], fallback_error: UserError = UNEXPECTED_ERROR) -> T | UserError:
    """Run `work` and return its result, or the `UserError` it raises; any other exception is logged and returns
    `fallback_error`."""
    try:
        return work()
    except UserError as problem:
        return problem
    except Exception:
        logger.exception("a window's request failed")
        return fallback_error


async def run_safely_async[T](
    work: Callable[[], Awaitable[T]], fallback_error: UserError = UNEXPECTED_ERROR
) -> T | UserError:
    """Await `work` like `run_safely`."""
    try:
        return await work()
    except UserError as problem:
        return problem
    except Exception:
        logger.exception("a window's request failed")
        return fallback_error
