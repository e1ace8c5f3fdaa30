"""What the fakes of the controllers share."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any


class Now:
    """An executor whose only thread is this one."""

    def submit(self, work: Callable[[], Any], /) -> None:
        """Do it."""
        work()


def altered[C](controller: C, **methods: object) -> C:
    """A copy of the controller with other methods, as a test needs them."""
    changed = copy(controller)
    vars(changed).update(methods)
    return changed
