"""Answer the settings and doctor windows: API keys, engine trial, checks, report, update check.

Each request runs in its own thread, because a keyring may prompt for its password and a check may wait for a network:
neither delays another request or the end of the program. The doctor runs as a separate program, as on the command line:
it loads libraries to see whether that works, which can crash the process. The network is measured in this process,
which holds the API keys.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING

from desktop.app.callbacks import Call, Post, answered, answered_later
from desktop.core.errors import Problem
from desktop.core.paths import Paths
from desktop.core.process import environ
from desktop.core.state import Release
from desktop.platforms import autostart
from desktop.ui.controllers.checks import Checks
from desktop.ui.controllers.services import KeyPlace, Services

if TYPE_CHECKING:  # loaded when they are first asked for
    from desktop.app.engine import Engine
    from desktop.app.trying import Trial
    from desktop.core.files import Component
    from desktop.doctor.checks import Finding

END = 4
"""Number of trailing characters shown to identify a key."""

SHORTEST = 12
"""Minimum length in characters of a key whose last `KEY_SUFFIX_CHARS` may be shown."""


def services(post: Post, call: Call) -> Services:
    """Build the actions on API keys and the engine trial."""

    def changed(work: Callable[[], object], name: str, then: Callable[[KeyPlace | Problem], None]) -> None:
        def change() -> KeyPlace:
            work()
            post(lambda engine: engine.reload())
            return key_place(name)

        _asked(change, then, call)

    def keep(name: str, key: str, plain: bool, then: Callable[[KeyPlace | Problem], None]) -> None:
        from desktop.credentials import store as credentials

        changed(lambda: credentials.keep(name, credentials.checked(key), plain), name, then)

    def remove(name: str, then: Callable[[KeyPlace | Problem], None]) -> None:
        from desktop.credentials import store as credentials

        changed(lambda: credentials.remove(name), name, then)

    def try_engine(spoken: bool, heard: Callable[[], None], then: Callable[[Trial | Problem], None]) -> None:
        post(lambda engine: engine.try_engine(spoken, lambda: call(heard), lambda trial: call(partial(then, trial))))

    return Services(
        key=lambda name, then: _asked(partial(key_place, name), then, call),
        keep=keep,
        remove=remove,
        try_engine=try_engine,
    )


def key_place(name: str) -> KeyPlace:
    """Return where the key called `name` is stored. Blocks. Raises `CredentialsError`."""
    from desktop.credentials import store as credentials

    found = credentials.found(name)
    end = found.key[-END:] if len(found.key) >= SHORTEST else ""
    return KeyPlace(found.where, end, found.plain, bool(found.key) and "environment" not in found.where)


def checks(here: Paths, call: Call) -> Checks:
    """Build the actions of the doctor's window."""

    def examine(found: Callable[[Finding], None], over: Callable[[Problem | None], None]) -> None:
        _asked(lambda: run_doctor(lambda finding: call(partial(found, finding))), over, call)

    def report(findings: Sequence[Finding], then: Callable[[str | Problem], None]) -> None:
        def write() -> str:
            from desktop.doctor.report_text import report

            return report(here, findings)

        _asked(write, then, call)

    def made_of(then: Callable[[Sequence[Component] | Problem], None]) -> None:
        def told() -> Sequence[Component]:
            from desktop.core.files import components

            return components()

        _asked(told, then, call)

    return Checks(examine=examine, network=lambda then: _asked(measured, then, call), report=report, components=made_of)


def newer(post: Post, call: Call) -> Callable[[Callable[[Release | Problem | None], None]], None]:
    """Return the action that looks for a newer version at once, on the user's request."""

    def look(then: Callable[[Release | Problem | None], None]) -> None:
        async def run(engine: Engine) -> None:
            call(partial(then, await answered_later(engine.updates.look)))

        post(lambda engine: engine.spawn(partial(run, engine)))

    return look


def run_doctor(found: Callable[[Finding], None]) -> None:
    """Run all checks in a child process, calling `on_finding` with each as it arrives. Blocks. Raises `UserError`."""
    from desktop.doctor.checks import CHECKS, Finding

    essential = {check.name: check.essential for check in CHECKS}
    with _doctor() as running:
        assert running.stdout is not None
        for line in running.stdout:
            told = json.loads(line)
            found(Finding(**told, essential=essential.get(told["name"], False)))
    if running.returncode not in (0, 1):
        raise Problem("The checks ended before they were done.", "Run `intone doctor` in a terminal to see why.")


def measured() -> str:
    """Measure the connections to the configured services, in this process, which holds their keys; return the report's
    text. Blocks for some seconds. Raises `UserError`."""
    from desktop.doctor.network.run import examine

    return examine().text()


def _doctor() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*autostart.command(), "doctor", "--json"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environ(),
        text=True,
    )


def _asked[T](work: Callable[[], T], then: Callable[[T | Problem], None], call: Call) -> None:
    """Run `work` in a new thread and call `on_result` with its result or `UserError` on the main thread."""

    Thread(target=lambda: call(partial(then, answered(work))), name="choosing", daemon=True).start()
