"""`intone key` as a script sees it, against a service on loopback and a keyring of the tests' own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from anyio import to_thread

from desktop.app.ipc import serve_commands
from desktop.core.errors import CredentialsError
from desktop.credentials.store import validate_key
from tests.support.cloud.deepgram import Deepgram
from tests.support.cloud.faults import At, refused
from tests.support.cloud.openai import OpenAI
from tests.support.cloud.tls_server import Served, serve
from tests.support.command_line import App, paths_of
from tests.support.other_systems import DBUS, only_on_linux
from tests.support.session_bus import NO_SERVICES

ROOT = Path(__file__).parents[3]
KEY = "sk-test-0123456789abcdef"
PLACE = "Windows' Credential Manager" if sys.platform == "win32" else "the keyring"

type Intone = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def openai() -> Iterator[Served]:
    with serve(OpenAI(key=KEY)) as served:
        yield served


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    return home


@pytest.fixture
def intone(tmp_path: Path, home: Path) -> Intone:
    """Runs `intone` with arguments, something piped in and changes of its environment; its keyring is a file."""
    environ = {
        **{name: value for name, value in os.environ.items() if not name.endswith("_KEY")},
        "INTONE_HOME": str(home),
        "XDG_RUNTIME_DIR": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "PYTHON_KEYRING_BACKEND": "tests.support.keyring.InFile",
        "INTONE_TEST_KEYRING": str(tmp_path / "keyring.json"),
    }

    def run(*arguments: str, piped: str = "", **changes: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "desktop", "key", *arguments],
            env={**environ, **changes},
            input=piped,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert "Traceback" not in done.stderr
        return done

    return run


def test_key_is_set_tested_and_removed_and_never_shown(intone: Intone, home: Path, openai: Served) -> None:
    (home / "settings.toml").write_text(f'[engines.openai]\nurl = "{openai.url}"\n')
    kept = intone("set", "openai", piped=f" {KEY}\n")
    assert (kept.returncode, kept.stdout) == (0, "")
    assert kept.stderr == f"The key for openai is kept in {PLACE}.\n"
    told = intone("test", "openai", "--json", **openai.environ)
    assert json.loads(told.stdout) == {
        "name": "openai",
        "accepted": True,
        "host": f"localhost:{openai.port}",
        "where": PLACE,
        "unencrypted": False,
        "detail": f"localhost:{openai.port} accepts the key that ends in cdef, from {PLACE}.",
    }
    removed = intone("remove", "openai")
    assert (removed.returncode, removed.stderr) == (0, "The key for openai is removed.\n")
    assert intone("remove", "openai").stderr == "No key for openai was kept.\n"
    lacking = intone("test", "openai", **openai.environ)
    assert lacking.returncode == 1
    assert "There is no key for OpenAI. Enter it in the settings" in lacking.stderr
    assert "or in a terminal: intone key set openai" in lacking.stderr
    assert KEY not in "".join(done.stdout + done.stderr for done in (kept, told, removed, lacking))


def test_rejected_key_error_names_its_source(intone: Intone, home: Path, openai: Served) -> None:
    (home / "settings.toml").write_text(f'[engines.openai]\nurl = "{openai.url}"\n')
    done = intone("test", "openai", OPENAI_API_KEY="sk-wrong-0123456789", **openai.environ)
    assert (done.returncode, done.stdout) == (1, "")
    assert "OpenAI does not accept the key." in done.stderr
    assert "The key is from the environment (OPENAI_API_KEY)." in done.stderr
    assert "sk-wrong" not in done.stderr


def test_failing_service_does_not_speak_of_a_dictation(intone: Intone, home: Path) -> None:
    with serve(OpenAI(key=KEY, faults=[refused(At.MODELS, 503)])) as served:
        (home / "settings.toml").write_text(f'[engines.openai]\nurl = "{served.url}"\n')
        done = intone("test", "openai", OPENAI_API_KEY=KEY, **served.environ)
    problem = "OpenAI has a problem of its own (status 503). Try again in a moment."
    assert (done.returncode, done.stderr) == (1, f"{problem} The key is from the environment (OPENAI_API_KEY).\n")


def test_deepgrams_key_is_tested_with_its_projects(intone: Intone, home: Path) -> None:
    server = Deepgram(key=KEY)
    with serve(server) as served:
        (home / "settings.toml").write_text(f'[engines.deepgram]\nurl = "{served.url}"\n')
        done = intone("test", "deepgram", DEEPGRAM_API_KEY=KEY, **served.environ)
    assert (done.returncode, server.paths()) == (0, ["/v1/projects"])


def test_a_server_of_ones_own_may_want_no_key(intone: Intone, home: Path) -> None:
    with serve(OpenAI(compatible=True), tls=False) as served:
        (home / "settings.toml").write_text(f'[engines.compatible]\nurl = "{served.url}/v1"\n')
        done = intone("test", "compatible")
    assert (done.returncode, done.stdout) == (0, f"localhost:{served.port} asks for no key.\n")


def test_key_without_keyring_needs_the_plain_option(intone: Intone, home: Path, openai: Served) -> None:
    (home / "settings.toml").write_text(f'[engines.openai]\nurl = "{openai.url}"\n')
    nowhere = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    refused = intone("set", "openai", piped=KEY, **nowhere)
    assert refused.returncode == 1
    assert "or keep the key unencrypted: intone key set openai --plain" in refused.stderr
    assert not (home / "keys.toml").exists()
    kept = intone("set", "openai", "--plain", piped=KEY, **nowhere)
    assert kept.stderr == f"The key for openai is kept in the file {home / 'keys.toml'}, unencrypted.\n"
    tested = intone("test", "openai", **nowhere, **openai.environ)
    assert tested.stdout.endswith(" from the file keys.toml, unencrypted.\n")


def test_another_key_in_the_environment_is_said(intone: Intone) -> None:
    kept = intone("set", "openai", piped=KEY, OPENAI_API_KEY="sk-other")
    assert "For now another one is used, from the environment (OPENAI_API_KEY)." in kept.stderr


@pytest.mark.parametrize("text", ["", " \n", "sk-one sk-two", "sk-one\nsk-two", "sk-\x00", "sk-schlüssel"])
def test_what_can_be_no_key_is_refused(text: str) -> None:
    with pytest.raises(CredentialsError):
        validate_key(text)


def test_no_argument_takes_a_key(intone: Intone) -> None:
    assert intone("set", "openai", KEY).returncode == 2


@pytest.mark.anyio
async def test_a_running_app_takes_a_new_key_up(intone: Intone, tmp_path: Path, home: Path) -> None:
    app = App()
    async with serve_commands(paths_of(home, tmp_path), app.handle):
        done = await to_thread.run_sync(lambda: intone("set", "openai", piped=KEY))
    assert (done.returncode, app.asked) == (0, ["reload"])


def test_a_real_secret_service_keeps_a_key(tmp_path: Path) -> None:
    """GNOME's, on a session bus of the test's own, unlocked with a password of the test's own."""
    only_on_linux(DBUS)
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    ours = ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "INTONE_HOME")
    known = {name: value for name, value in os.environ.items() if not name.endswith(("_KEY", "KEYRING_BACKEND"))}
    script = f"""
        printf password | gnome-keyring-daemon --unlock --components=secrets > /dev/null
        intone() {{ "{sys.executable}" -m desktop key "$@"; }}
        printf {KEY} | intone set openai
        "{sys.executable}" -c \\
            'from desktop.credentials.store import look_up_key; k = look_up_key("openai"); print(k.key, k.place)'
        intone remove openai
        "{sys.executable}" -c 'from desktop.credentials.store import find_key; print(repr(find_key("openai")))'
    """
    done = subprocess.run(
        ["dbus-run-session", f"--config-file={NO_SERVICES}", "--", "sh", "-ec", script],
        cwd=ROOT,
        env={**known, **{name: str(tmp_path) for name in ours}, "XDG_RUNTIME_DIR": str(runtime)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.splitlines() == [f"{KEY} the keyring", "''"], done.stderr
    assert (tmp_path / "keyrings" / "login.keyring").exists()
