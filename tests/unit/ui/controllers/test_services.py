"""What the settings ask for, with a keyring of the tests' own and the real doctor."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from queue import Queue

import keyring
import pytest

from desktop.core.errors import CredentialsError, UserError
from desktop.core.installation import list_libraries
from desktop.core.messages import Message
from desktop.core.paths import Paths
from desktop.credentials import environment
from desktop.credentials.store import ApiKeyLocation
from desktop.doctor.checks import CHECKS, Finding
from desktop.doctor.network.run import NetworkReport
from desktop.ui.controllers.services import ServicesController
from tests.support.keyring import InFile, Locked
from tests.support.ui.controllers import context

KEY = "sk-0123456789abcdef"
ANSWER_S = 60.0


class Reloads:
    """An engine that counts how often it is to read the settings again."""

    def __init__(self) -> None:
        self.count = 0

    def reload(self) -> None:
        self.count += 1


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    for name in ("OPENAI_API_KEY", "DEEPGRAM_API_KEY", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("INTONE_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("INTONE_TEST_KEYRING", str(tmp_path / "keyring.json"))
    return Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path)


@pytest.fixture
def ring() -> object:
    before = keyring.get_keyring()
    keyring.set_keyring(InFile())
    yield
    keyring.set_keyring(before)


def answered[T](ask: Callable[[Callable[[T | UserError], None]], None]) -> T | UserError:
    """What `ask` gives, whichever thread it comes from."""
    answers: Queue[T | UserError] = Queue()
    ask(answers.put)
    return answers.get(timeout=ANSWER_S)


def services(home: Paths, engine: Reloads | None = None) -> ServicesController:
    return ServicesController(context(home, engine))


def test_key_kept_found_removed_and_app_reloads(home: Paths, ring: object) -> None:
    engine = Reloads()
    asked = services(home, engine)
    assert answered(lambda then: asked.find_key("openai", then)) == ApiKeyLocation(is_removable=False)
    kept = answered(lambda then: asked.store_key("openai", f" {KEY}\n", False, then))
    assert kept == ApiKeyLocation(Message("key-place-keyring"), "cdef")
    assert engine.count == 1
    assert KEY not in repr(kept)
    assert answered(lambda then: asked.remove_key("openai", then)) == ApiKeyLocation(is_removable=False)
    assert engine.count == 2


def test_what_is_no_key_is_refused(home: Paths, ring: object) -> None:
    found = answered(lambda then: services(home).store_key("openai", "two words", False, then))
    assert isinstance(found, CredentialsError)


def test_locked_keyring_reported_and_file_used(home: Paths, ring: object) -> None:
    keyring.set_keyring(Locked())
    asked = services(home)
    assert isinstance(answered(lambda then: asked.store_key("deepgram", KEY, False, then)), CredentialsError)
    kept = answered(lambda then: asked.store_key("deepgram", KEY, True, then))
    assert kept == ApiKeyLocation(Message("key-place-file", path="keys.toml"), "cdef", is_unencrypted=True)


def test_a_key_of_the_environment_is_not_ours(home: Paths, ring: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    found = answered(lambda then: services(home).find_key("openai", then))
    assert found == ApiKeyLocation(
        Message("key-place-environment", variable="OPENAI_API_KEY"), "cdef", is_removable=False
    )


def test_doctor_matches_command_line_and_reports(home: Paths) -> None:
    checks, findings = services(home), list[Finding]()
    assert answered(lambda then: checks.run_checks(findings.append, then)) is None
    assert [finding.name for finding in findings] == [check.name for check in CHECKS]
    assert findings[0].message.code == "python-version"
    essential = {finding.name for finding in findings if finding.essential}
    assert essential == {check.name for check in CHECKS if check.essential}
    written = answered(lambda then: checks.write_report(findings, then))
    bad = [f"{'BAD' if one.essential else 'missing'}: {one.name}: " for one in findings if not one.ok]
    assert bad
    assert all(line in str(written) for line in bad)
    assert sys.platform == "win32" or "BAD: display: No screen is here" in str(written)
    assert str(home.config) not in str(written)


def test_network_without_service_is_not_measured(home: Paths) -> None:
    found = answered(services(home).measure_network)
    assert isinstance(found, UserError)
    assert found.title.startswith("The settings use no service, so nothing leaves this machine.")


def test_network_measured_with_environment_key(home: Paths, ring: object, monkeypatch: pytest.MonkeyPatch) -> None:
    (home.config / "settings.toml").write_text(
        '[recognizer]\nengine = "openai"\n[engines.openai]\nurl = "https://127.0.0.1:9/v1"\n'
    )
    monkeypatch.setattr(environment, "_removed_keys", {})
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    environment.remove_keys_from_environ()
    report = answered(services(home).measure_network)
    assert isinstance(report, NetworkReport)
    found = report.text()
    assert "the key is in the environment (OPENAI_API_KEY)." in found
    assert "Nothing answers at 127.0.0.1:9." in found.splitlines()[-1]


def test_components_all_licensed_without_test_packages() -> None:
    found = {one.name.lower().replace("_", "-"): one.licence for one in list_libraries()}
    assert "LGPL" in found["pyside6-essentials"]
    assert found["anyio"] == "MIT"
    assert "WordNet" in found["scowl"]
    assert {"ctranslate2", "faster-whisper", "httpx2", "numpy", "python-xlib", "soxr"} <= set(found)
    assert not {"pytest", "ruff", "mypy", "hypothesis", "matplotlib"} & set(found)
    assert all(found.values())
