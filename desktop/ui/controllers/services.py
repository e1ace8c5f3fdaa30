"""Answer the windows about API keys, the engine trial, the doctor and newer versions.

Each request runs in its own thread, because a keyring may prompt for its password and a check may wait for a network:
neither delays another request or the end of the program.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING

from desktop.app.callbacks import run_safely, run_safely_async
from desktop.core.errors import UserError
from desktop.core.paths import Paths
from desktop.core.process import child_environ
from desktop.core.state import AvailableRelease
from desktop.platforms import autostart
from desktop.ui.controllers.controller import CallOnMainThread, PostToEngine

if TYPE_CHECKING:
    from desktop.app.engine import Engine
    from desktop.app.trials import EngineTrial
    from desktop.core.installation import InstalledLibrary
    from desktop.doctor.checks import Finding


KEY_SUFFIX_CHARS = 4
"""Number of trailing characters shown to identify a key."""

MIN_KEY_CHARS = 12
"""Minimum length in characters of a key whose last `KEY_SUFFIX_CHARS` may be shown."""


@dataclass(frozen=True, slots=True)
class ApiKeyLocation:
    """Where a service's key is stored, without the key.

    `location` is part of a sentence, empty without a key; `last_characters` identify the key; `is_unencrypted`: nothing
    encrypts it there; `is_removable`: the application stored it, it is no environment variable.
    """

    location: str = ""
    last_characters: str = ""
    is_unencrypted: bool = False
    is_removable: bool = True


@dataclass(frozen=True, slots=True)
class ServiceActions:
    """What the settings window may request of services and their keys.

    Call on the main thread. All return at once and call back there with the result or a `UserError`.

    `find_key` returns the location of a key by its name in `environment.KEY_VARIABLES`; `store_key` stores one
    (unencrypted on request) and `remove_key` deletes it; each returns the location afterwards. `try_engine` tries the
    chosen engine on speech recorded now, or else on the newest recording, and calls back when the microphone delivers
    sound.
    """

    find_key: Callable[[str, Callable[[ApiKeyLocation | UserError], None]], None]
    store_key: Callable[[str, str, bool, Callable[[ApiKeyLocation | UserError], None]], None]
    remove_key: Callable[[str, Callable[[ApiKeyLocation | UserError], None]], None]
    try_engine: Callable[[bool, Callable[[], None], Callable[[EngineTrial | UserError], None]], None]


@dataclass(frozen=True, slots=True)
class DoctorActions:
    """What the doctor window and the About page may request.

    Call on the main thread. All return at once and call back there.

    `run_checks` calls the first function with each finding and the second at the end, with the error if the checks
    stopped early. `measure_network` measures the connection to the services of the settings and returns a text.
    `write_report` turns findings into a text that can be shared. `load_components` lists the application's components.
    """

    run_checks: Callable[[Callable[[Finding], None], Callable[[UserError | None], None]], None]
    measure_network: Callable[[Callable[[str | UserError], None]], None]
    write_report: Callable[[Sequence[Finding], Callable[[str | UserError], None]], None]
    load_components: Callable[[Callable[[Sequence[InstalledLibrary] | UserError], None]], None] | None = None


def build_service_actions(post: PostToEngine, call: CallOnMainThread) -> ServiceActions:
    """Build the actions on API keys and the engine trial."""

    def apply_change(
        work: Callable[[], object], name: str, on_result: Callable[[ApiKeyLocation | UserError], None]
    ) -> None:
        def change_key() -> ApiKeyLocation:
            work()
            post(lambda engine: engine.reload())
            return locate_key(name)

        _run_in_thread(change_key, on_result, call)

    def store_key(name: str, key: str, plain: bool, on_result: Callable[[ApiKeyLocation | UserError], None]) -> None:
        from desktop.credentials import store

        apply_change(lambda: store.store_key(name, store.validate_key(key), plain), name, on_result)

    def remove_key(name: str, on_result: Callable[[ApiKeyLocation | UserError], None]) -> None:
        from desktop.credentials import store

        apply_change(lambda: store.remove_key(name), name, on_result)

    def try_engine(
        live: bool, on_listening: Callable[[], None], on_result: Callable[[EngineTrial | UserError], None]
    ) -> None:
        post(
            lambda engine: engine.try_engine(
                live, lambda: call(on_listening), lambda trial: call(partial(on_result, trial))
            )
        )

    return ServiceActions(
        find_key=lambda name, on_result: _run_in_thread(partial(locate_key, name), on_result, call),
        store_key=store_key,
        remove_key=remove_key,
        try_engine=try_engine,
    )


def locate_key(name: str) -> ApiKeyLocation:
    """Return where the key called `name` is stored. Blocks. Raises `CredentialsError`."""
    from desktop.credentials import store

    stored = store.look_up_key(name)
    suffix = stored.key[-KEY_SUFFIX_CHARS:] if len(stored.key) >= MIN_KEY_CHARS else ""
    return ApiKeyLocation(
        stored.place, suffix, stored.unencrypted, bool(stored.key) and "environment" not in stored.place
    )


def build_doctor_actions(paths: Paths, call: CallOnMainThread) -> DoctorActions:
    """Build the actions on the doctor and the components."""

    def run_checks(on_finding: Callable[[Finding], None], on_finished: Callable[[UserError | None], None]) -> None:
        _run_in_thread(lambda: run_doctor(lambda finding: call(partial(on_finding, finding))), on_finished, call)

    def create_report(findings: Sequence[Finding], on_result: Callable[[str | UserError], None]) -> None:
        def write() -> str:
            from desktop.doctor.report_text import build_report

            return build_report(paths, findings)

        _run_in_thread(write, on_result, call)

    def list_components(on_result: Callable[[Sequence[InstalledLibrary] | UserError], None]) -> None:
        def load_components() -> Sequence[InstalledLibrary]:
            from desktop.core.installation import list_libraries

            return list_libraries()

        _run_in_thread(load_components, on_result, call)

    return DoctorActions(
        run_checks=run_checks,
        measure_network=lambda on_result: _run_in_thread(measure_network, on_result, call),
        write_report=create_report,
        load_components=list_components,
    )


def run_doctor(on_finding: Callable[[Finding], None]) -> None:
    """Run all checks in a child process, calling `on_finding` with each as it arrives. Blocks. Raises `UserError`.

    The doctor loads libraries to see whether that works, which can crash the process.
    """
    from desktop.doctor.checks import CHECKS, Finding

    essential = {check.name: check.essential for check in CHECKS}
    with _start_doctor() as running:
        assert running.stdout is not None
        for line in running.stdout:
            fields = json.loads(line)
            on_finding(Finding(**fields, essential=essential.get(fields["name"], False)))
    if running.returncode not in (0, 1):
        raise UserError("The checks ended before they were done.", "Run `intone doctor` in a terminal to see why.")


def measure_network() -> str:
    """Measure the connections to the configured services and return the report's text.

    In this process, which holds their keys. Blocks for some seconds. Raises `UserError`.
    """
    from desktop.doctor.network.run import measure_services

    return measure_services().text()


def build_update_check(
    post: PostToEngine, call: CallOnMainThread
) -> Callable[[Callable[[AvailableRelease | UserError | None], None]], None]:
    """Return the action that looks for a newer version at once, on the user's request."""

    def check_now(on_result: Callable[[AvailableRelease | UserError | None], None]) -> None:
        async def run(engine: Engine) -> None:
            call(partial(on_result, await run_safely_async(engine.updates.check_now)))

        post(lambda engine: engine.spawn(partial(run, engine)))

    return check_now


def _start_doctor() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*autostart.app_command(), "doctor", "--json"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=child_environ(),
        text=True,
    )


def _run_in_thread[T](
    work: Callable[[], T], on_result: Callable[[T | UserError], None], call: CallOnMainThread
) -> None:
    """Run `work` in a new thread and call `on_result` with its result or `UserError` on the main thread."""
    Thread(target=lambda: call(partial(on_result, run_safely(work))), name="service", daemon=True).start()
