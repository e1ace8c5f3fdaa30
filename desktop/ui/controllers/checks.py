"""What the doctor window may request, as callables given at construction.

All return at once and call back on the main thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.core.errors import Problem

if TYPE_CHECKING:  # the tray does not load the doctor
    from desktop.core.files import Component
    from desktop.doctor.checks import Finding


@dataclass(frozen=True, slots=True)
class Checks:
    """Access to the doctor.

    `run_checks` calls the first function with each finding and the second at the end, with the error if the checks
    stopped early. `measure_network` measures the connection to the services of the settings and returns a text.
    `write_report` turns findings into a text that can be shared. `load_components` lists the application's components.
    """

    examine: Callable[[Callable[[Finding], None], Callable[[Problem | None], None]], None]
    network: Callable[[Callable[[str | Problem], None]], None]
    report: Callable[[Sequence[Finding], Callable[[str | Problem], None]], None]
    components: Callable[[Callable[[Sequence[Component] | Problem], None]], None] | None = None
