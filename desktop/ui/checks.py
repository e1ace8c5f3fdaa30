"""What the doctor's window may ask, each a callable given at construction, as `bridge.Actions` are: all return at once
and answer on the main thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.problems import Problem

if TYPE_CHECKING:  # the tray waits for no doctor
    from desktop.doctor import Finding
    from desktop.licences import Component


@dataclass(frozen=True, slots=True)
class Checks:
    """`examine` looks at everything: the first function gets each finding, the second is called at the end, with the
    problem where it could not go on. `network` measures the way to the services of the settings and gives it as text.
    `report` makes of findings a text that can be given to anybody. `components` tells what the app is made of."""

    examine: Callable[[Callable[[Finding], None], Callable[[Problem | None], None]], None]
    network: Callable[[Callable[[str | Problem], None]], None]
    report: Callable[[Sequence[Finding], Callable[[str | Problem], None]], None]
    components: Callable[[Callable[[Sequence[Component] | Problem], None]], None] | None = None
