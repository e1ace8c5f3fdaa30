"""A service's key: when it is looked for, and where it may go."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from desktop.core.errors import CredentialsError, ServiceError
from desktop.credentials import store
from desktop.credentials.environment import KEY_VARIABLES
from desktop.network.endpoint import Service, ServiceKey


class Keyring:
    """Gives `key`, or raises it; `asked` is how often."""

    def __init__(self, key: str | Exception) -> None:
        self.key = key
        self.asked = 0

    def find(self, name: str) -> str:
        self.asked += 1
        if isinstance(self.key, Exception):
            raise self.key
        return self.key


def service(keyring: Keyring, optional: bool = False, url: str = "https://example.org/v1") -> Service:
    return Service("Example", url, ServiceKey("polish", keyring.find), is_key_optional=optional)


@pytest.mark.anyio
async def test_a_key_is_looked_for_once() -> None:
    keyring = Keyring("sk-test")
    one = service(keyring)
    assert await one.auth_headers() == await one.auth_headers() == {"Authorization": "Bearer sk-test"}
    assert keyring.asked == 1
    assert "sk-test" not in repr(one)


@pytest.mark.anyio
async def test_required_key_is_looked_up_until_found() -> None:
    keyring = Keyring("")
    one = service(keyring)
    with pytest.raises(ServiceError, match="There is no key for Example"):
        await one.auth_headers()
    keyring.key = CredentialsError("keyring-locked")
    with pytest.raises(CredentialsError, match="locked"):
        await one.auth_headers()
    keyring.key = "sk-test"
    assert await one.auth_headers() == {"Authorization": "Bearer sk-test"}


@pytest.mark.anyio
@pytest.mark.parametrize("key", ["", CredentialsError("keyring-locked")])
async def test_optional_key_is_skipped_and_asked_once(key: str | Exception) -> None:
    keyring = Keyring(key)
    one = service(keyring, optional=True)
    assert await one.auth_headers() == await one.auth_headers() == {}
    assert keyring.asked == 1


@pytest.mark.anyio
async def test_optional_key_that_others_can_read_is_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTONE_HOME", str(tmp_path))
    monkeypatch.delenv(KEY_VARIABLES["compatible"], raising=False)
    theirs = tmp_path / "theirs.toml"  # a link to a file is not closed by itself
    theirs.write_text('compatible = "sk-test"\n')
    theirs.chmod(0o644)
    store.keys_file().symlink_to(theirs)
    one = Service("Example", "https://example.org/v1", ServiceKey("compatible"), is_key_optional=True)
    for _ in range(2):
        with pytest.raises(CredentialsError, match="is not used: other users of this machine can read it"):
            await one.auth_headers()
    theirs.chmod(0o600)
    assert await one.auth_headers() == {"Authorization": "Bearer sk-test"}


@pytest.mark.anyio
@pytest.mark.parametrize("written", ["=", 'compatible = "sk-test"\n'])
async def test_optional_key_that_cannot_be_read_is_raised(
    written: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTONE_HOME", str(tmp_path))
    if written == "=":
        monkeypatch.delenv(KEY_VARIABLES["compatible"], raising=False)
        store.keys_file().write_text(written)
    else:
        monkeypatch.setenv(KEY_VARIABLES["compatible"], written)
    with pytest.raises(CredentialsError):
        await Service(
            "Example", "https://example.org/v1", ServiceKey("compatible"), is_key_optional=True
        ).auth_headers()


@pytest.mark.anyio
async def test_keyring_prompt_does_not_block_cancellation() -> None:
    answered = threading.Event()

    def find(name: str) -> str:
        answered.wait(20)
        return ""

    one = Service("Example", "https://example.org/v1", ServiceKey("polish", find))
    with anyio.fail_after(10):
        with anyio.move_on_after(0.05) as scope:
            await one.auth_headers()
        assert scope.cancelled_caught
    answered.set()


ENDING = """
import asyncio, sys, threading
import anyio
from desktop.network.endpoint import ServiceKey

shown = threading.Event()

def find(name):
    shown.set()
    threading.Event().wait()

async def run():
    secret = ServiceKey("polish", find)
    if sys.argv[1] == "scope":
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(secret.read)
            await anyio.to_thread.run_sync(shown.wait)
            tasks.cancel_scope.cancel()
    else:
        task = asyncio.create_task(secret.read())
        await anyio.to_thread.run_sync(shown.wait)
        task.cancel()

anyio.run(run)
print("ended")
"""


@pytest.mark.parametrize("cancelled", ["scope", "task"])
def test_process_exits_while_keyring_prompt_is_open(cancelled: str) -> None:
    command = [sys.executable, "-c", ENDING, cancelled]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "ended\n", "")


@pytest.mark.anyio
async def test_second_key_read_shares_the_open_prompt() -> None:
    shown, answered, prompts = threading.Event(), threading.Event(), list[str]()

    def find(name: str) -> str:
        prompts.append(name)
        shown.set()
        answered.wait(20)
        return "sk-test"

    secret = ServiceKey("polish", find)
    with anyio.fail_after(10):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(secret.read)
            await to_thread.run_sync(shown.wait)
            tasks.cancel_scope.cancel()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(secret.read)
            await anyio.wait_all_tasks_blocked()
            answered.set()
        assert await secret.read() == "sk-test"
    assert prompts == ["polish"]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("url", "goes"),
    [
        ("http://example.org/v1", False),
        ("http://127.0.0.1.example.org/v1", False),
        ("http://127.0.0.1:8000/v1", True),
        ("http://127.0.1.1/v1", True),
        ("ws://[::1]:8000/v1", True),
        ("http://speech.localhost/v1", True),
    ],
)
async def test_plain_http_key_is_sent_only_to_this_machine(url: str, goes: bool) -> None:
    one = service(Keyring("sk-test"), url=url)
    assert one.is_local is goes
    if goes:
        assert await one.auth_headers() == {"Authorization": "Bearer sk-test"}
    else:
        with pytest.raises(ServiceError, match="unencrypted"):
            await one.auth_headers()
