"""What the doctor window may request, as callables given at construction.

All return at once and call back on the main thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.core.errors import UserError

if TYPE_CHECKING:  # the tray does not load the doctor
    from desktop.core.files import InstalledLibrary
    from desktop.doctor.checks import Finding


@dataclass(frozen=True, slots=True)
class DoctorActions:
    """Access to the doctor.

    `run_checks` calls the first function with each finding and the second at the end, with the error if the checks
    stopped early. `measure_network` measures the connection to the services of the settings and returns a text.
    `write_report` turns findings into a text that can be shared. `load_components` lists the application's components.
    """

    run_checks: Callable[[Callable[[Finding], None], Callable[[UserError | None], None]], None]
    measure_network: Callable[[Callable[[str | UserError], None]], None]
    write_report: Callable[[Sequence[Finding], Callable[[str | UserError], None]], None]
    load_components: Callable[[Callable[[Sequence[InstalledLibrary] | UserError], None]], None] | None = None
