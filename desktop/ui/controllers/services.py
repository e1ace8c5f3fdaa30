"""Answer the windows about API keys, the engine trial, the doctor and newer versions.

Each request runs in its own thread, because a keyring may prompt for its password and a check may wait for a network:
neither delays another request or the end of the program.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from desktop.app.trials import EngineTrial
from desktop.core.errors import UserError
from desktop.core.installation import InstalledLibrary, list_libraries
from desktop.core.state import AvailableRelease
from desktop.credentials import store
from desktop.credentials.store import ApiKeyLocation
from desktop.ui.controllers.controller import Controller, OnResult

if TYPE_CHECKING:  # the doctor is imported on first use
    from desktop.doctor.checks import Finding
    from desktop.doctor.network.run import NetworkReport


class ServicesController(Controller):
    """Requests about services, their keys, this machine and newer versions.

    Keys have the names in `environment.KEY_VARIABLES`.
    """

    def find_key(self, name: str, on_result: OnResult[ApiKeyLocation]) -> None:
        """Find where a key is stored."""
        self._run(lambda: store.locate_key(name), on_result)

    def store_key(self, name: str, key: str, unencrypted: bool, on_result: OnResult[ApiKeyLocation]) -> None:
        """Store a key; the result is its location."""
        self._change_key(name, lambda: store.store_key(name, store.validate_key(key), unencrypted), on_result)

    def remove_key(self, name: str, on_result: OnResult[ApiKeyLocation]) -> None:
        """Delete a key; the result is where there is another one."""
        self._change_key(name, lambda: store.remove_key(name), on_result)

    def try_engine(self, live: bool, on_listening: Callable[[], None], on_result: OnResult[EngineTrial]) -> None:
        """Try the chosen engine on speech recorded now if `live`, else on the newest recording.

        `on_listening` is called when the microphone delivers sound.
        """
        self._run_on_engine(lambda engine: engine.trials.try_engine(live, lambda: self._call(on_listening)), on_result)

    def run_checks(
        self, on_finding: Callable[[Finding], None], on_finished: Callable[[UserError | None], None]
    ) -> None:
        """Run the doctor's checks; `on_finished` receives the error if they stopped early."""

        def run() -> None:
            from desktop.doctor.checks import run_checks_in_child

            run_checks_in_child(self._on_main(on_finding))

        self._run(run, on_finished)

    def measure_network(self, on_result: OnResult[NetworkReport]) -> None:
        """Measure the connection to the services of the settings. Takes some seconds."""

        def measure() -> NetworkReport:
            from desktop.doctor.network.run import measure_services

            return measure_services()

        self._run(measure, on_result)  # in this process, which holds the keys

    def write_report(self, findings: Sequence[Finding], on_result: OnResult[str]) -> None:
        """Write a text with `findings` that can be shared."""

        def write() -> str:
            from desktop.doctor.report_text import build_report

            return build_report(self._paths, findings)

        self._run(write, on_result)

    def load_components(self, on_result: OnResult[Sequence[InstalledLibrary]]) -> None:
        """List the application's components with their licences."""
        self._run(list_libraries, on_result)

    def find_missing(self, on_result: Callable[[Sequence[Finding]], None]) -> None:
        """Find the requirements that this machine lacks."""

        def find() -> Sequence[Finding]:
            from desktop.doctor.onboarding import find_missing_requirements

            return find_missing_requirements()

        self._run_or_log(find, on_result)

    def check_for_update(self, on_result: OnResult[AvailableRelease | None]) -> None:
        """Look for a newer version now; the result is None when this is the newest."""
        self._run_on_engine(lambda engine: engine.updates.check_now(), on_result)

    def _change_key(self, name: str, change: Callable[[], object], on_result: OnResult[ApiKeyLocation]) -> None:
        def run() -> ApiKeyLocation:
            change()
            self._post(lambda engine: engine.reload())
            return store.locate_key(name)

        self._run(run, on_result)
