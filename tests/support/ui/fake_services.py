"""Services for the windows: keys in memory, checks of the machine that a test lets go on, and prepared results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, override

from desktop.app.trials import EngineTrial
from desktop.core.errors import CredentialsError, UserError
from desktop.core.installation import InstalledLibrary
from desktop.core.messages import Message
from desktop.core.state import AvailableRelease
from desktop.credentials.store import ApiKeyLocation
from desktop.doctor.checks import Finding
from desktop.doctor.network.measurement import ServiceMeasurement
from desktop.doctor.network.run import NetworkReport
from desktop.doctor.network.verdict import judge_all
from desktop.ui.controllers.services import ServicesController

WELL = Finding("python", True, Message("python-version", version="3.13.5"), True)
MISSING = Finding("tray", False, Message("tray-missing", command="sudo apt-get install -y tray"), False)
BAD = Finding("model", False, Message("speech-model-missing", command="intone models pull base"), True)


@dataclass
class FakeServices(ServicesController):
    """`asked` is what was asked, `looked` which keys were looked for. With `refuses` the keyring refuses keys.

    `findings` are reported at once, or with `waits` by `go`; the result of a trial by `answer`. `releases` are the
    answers to the next looks for a newer version.
    """

    kept: dict[str, ApiKeyLocation] = field(default_factory=dict)
    asked: list[object] = field(default_factory=list)
    looked: list[str] = field(default_factory=list)
    refuses: bool = False
    trial: EngineTrial | UserError = field(
        default_factory=lambda: UserError("reported-message", title="Nothing.", advice="")
    )
    answer: Callable[[], None] = lambda: None
    findings: Sequence[Finding] = (WELL, MISSING, BAD)
    problem: UserError | None = None
    waits: bool = False
    go: Callable[[], None] = lambda: None
    releases: list[AvailableRelease | UserError | None] = field(default_factory=list)

    @override
    def find_key(self, name: str, on_result: Callable[[Any], None]) -> None:
        self.looked.append(name)
        on_result(self.kept.get(name, ApiKeyLocation()))

    @override
    def store_key(self, name: str, key: str, unencrypted: bool, on_result: Callable[[Any], None]) -> None:
        self.asked.append(("keep", name, key, unencrypted))
        if self.refuses and not unencrypted:
            on_result(
                CredentialsError("reported-message", title="The keyring is locked.", advice="Unlock it and try again.")
            )
            return
        self.kept[name] = ApiKeyLocation(
            Message("key-place-file", path="keys.toml") if unencrypted else Message("key-place-keyring"),
            key[-4:],
            unencrypted,
        )
        self.find_key(name, on_result)

    @override
    def remove_key(self, name: str, on_result: Callable[[Any], None]) -> None:
        self.asked.append(("remove", name))
        self.kept.pop(name, None)
        self.find_key(name, on_result)

    @override
    def try_engine(self, live: bool, on_listening: Callable[[], None], on_result: Callable[[Any], None]) -> None:
        self.asked.append(("try", live))
        if live:
            on_listening()
        self.answer = lambda: on_result(self.trial)

    @override
    def run_checks(self, on_finding: Callable[[Finding], None], on_finished: Callable[[Any], None]) -> None:
        def go() -> None:
            for finding in self.findings:
                on_finding(finding)
            on_finished(self.problem)

        self.asked.append("examine")
        self.go = go
        if not self.waits:
            go()

    @override
    def measure_network(self, on_result: Callable[[Any], None]) -> None:
        self.asked.append("network")
        measured = (
            ServiceMeasurement("openai", "api.openai.com", "OpenAI", key_location=Message("key-place-keyring")),
        )
        on_result(NetworkReport(measured, {}, judge_all(measured)))

    @override
    def write_report(self, findings: Sequence[Finding], on_result: Callable[[Any], None]) -> None:
        self.asked.append(f"report {len(findings)}")
        on_result("## Intone")

    @override
    def load_components(self, on_result: Callable[[Any], None]) -> None:
        on_result([InstalledLibrary("anyio", "4.8", "MIT")])

    @override
    def find_missing(self, on_result: Callable[[Sequence[Finding]], None]) -> None:
        on_result(())

    @override
    def check_for_update(self, on_result: Callable[[Any], None]) -> None:
        on_result(self.releases.pop(0))
