"""Where keys are kept and found, and what is said where that fails."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null

from desktop.core.errors import CredentialsError
from desktop.core.messages import Message
from desktop.credentials import store
from desktop.credentials.environment import KEY_VARIABLES
from tests.support.keyring import Broken, InFile, Locked
from tests.support.private_files import is_private

KEY = "sk-test-0123456789abcdef"


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A home and a keyring of the test's own, and no key in the environment."""
    for name in KEY_VARIABLES.values():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("INTONE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("INTONE_TEST_KEYRING", str(tmp_path / "keyring.json"))
    before = keyring.get_keyring()
    keyring.set_keyring(InFile())
    yield
    keyring.set_keyring(before)


def test_key_is_kept_found_and_removed_in_keyring() -> None:
    assert store.find_key("openai") == ""
    assert store.store_key("openai", KEY) == store.KEYRING_PLACE
    assert store.look_up_key("openai") == store.FoundKey(KEY, store.KEYRING_PLACE)
    assert store.find_key("deepgram") == ""
    assert store.remove_key("openai")
    assert not store.remove_key("openai")
    assert store.find_key_place("openai") is None
    assert not store.keys_file().exists()


def test_the_environment_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    store.store_key("openai", KEY)
    monkeypatch.setenv("OPENAI_API_KEY", " sk-other ")
    assert store.find_key("openai") == "sk-other"
    assert str(store.find_key_place("openai")) == "the environment (OPENAI_API_KEY)"


@pytest.mark.parametrize("key", ["“sk-0123456789abcdef”", "sk-one sk-two", "sk-one\nsk-two"])
def test_invalid_key_in_environment_is_reported(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with pytest.raises(CredentialsError, match=r"^OPENAI_API_KEY is no key: .* Copy the key alone\.$"):
        store.look_up_key("openai")
    assert store.find_key("deepgram") == ""


def test_plain_file_is_private_and_says_unencrypted() -> None:
    kept = store.store_key("deepgram", KEY, unencrypted=True)
    assert str(kept) == f"the file {store.keys_file()}, unencrypted"
    assert is_private(store.keys_file())
    assert store.look_up_key("deepgram") == store.FoundKey(
        KEY, Message("key-place-file", path="keys.toml"), unencrypted=True
    )
    assert store.remove_key("deepgram")
    assert KEY not in store.keys_file().read_text()


def test_a_key_is_in_one_place_alone() -> None:
    store.store_key("openai", "sk-first-one")
    store.store_key("openai", "sk-second-one", unencrypted=True)
    assert keyring.get_password(store.KEYRING_SERVICE, "openai") is None
    store.store_key("openai", "sk-third-one")
    assert "sk-" not in store.keys_file().read_text()
    assert store.find_key("openai") == "sk-third-one"


@pytest.mark.parametrize(
    ("backend", "says"),
    [
        (fail.Keyring, r"^No keyring is here .* Start a Secret Service .*; or set OPENAI_API_KEY, or .* --plain$"),
        (Locked, r"^The keyring is locked\. Unlock it and try again; or set OPENAI_API_KEY, or .* --plain$"),
        (Broken, r"^The keyring does not work \(AttributeError\)\. Set OPENAI_API_KEY, or .* --plain$"),
        (null.Keyring, r"^The keyring did not keep the key\. Set OPENAI_API_KEY, or .* --plain$"),
    ],
)
def test_keyring_without_storage_raises_with_remedy(backend: type[KeyringBackend], says: str) -> None:
    keyring.set_keyring(backend())
    with pytest.raises(CredentialsError, match=says) as raised:
        store.store_key("openai", KEY)
    assert KEY not in "".join(traceback.format_exception(raised.value))


def test_no_keyring_means_no_key_and_locked_one_raises() -> None:
    keyring.set_keyring(fail.Keyring())
    assert store.find_key("compatible") == ""
    assert not store.remove_key("compatible")
    keyring.set_keyring(Locked())
    with pytest.raises(CredentialsError, match="The keyring is locked"):
        store.find_key("compatible")


def test_a_key_in_the_plain_file_needs_no_keyring() -> None:
    keyring.set_keyring(Locked())
    store.store_key("openai", KEY, unencrypted=True)
    assert store.find_key("openai") == KEY


def test_a_damaged_file_is_said_without_its_lines() -> None:
    store.keys_file().parent.mkdir()
    store.keys_file().write_text(f"{KEY}\n")
    with pytest.raises(CredentialsError, match=r"keys\.toml cannot be read or written\. Mend it\.") as raised:
        store.find_key("openai")
    assert KEY not in "".join(traceback.format_exception(raised.value))


def test_openai_polish_key_goes_only_to_openai() -> None:
    store.store_key("openai", KEY)
    assert store.find_polish_key("https://api.openai.com/v1") == KEY
    assert store.find_polish_key("https://eu.api.openai.com/v1") == KEY
    assert store.find_polish_key("https://notapi.openai.com/v1") == ""
    assert store.find_polish_key("https://api.openai.com.example.org/v1") == ""
    store.store_key("polish", "sk-polish")
    assert store.find_polish_key("https://api.openai.com/v1") == "sk-polish"


def test_no_repr_shows_a_key() -> None:
    store.store_key("openai", KEY)
    assert KEY not in repr(store.look_up_key("openai"))
