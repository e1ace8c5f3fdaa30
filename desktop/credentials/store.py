"""API keys of services: from the environment, the operating system's keyring, or, where the user chose that, an
unencrypted file.

The environment has precedence, as everywhere. The file has precedence over the keyring: a key is in it only by choice
(`intone key set --plain`), mostly because the keyring is not available, and using it must not open a prompt for the
keyring's password. Storing a key removes it from the other place, so there is never a doubt which one is used.

`keyring` is imported when needed, since looking for its backends takes a while. A backend is a plug-in, which may raise
anything: all of it becomes a `CredentialsError` here, without the exception's text, which may contain a key.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from desktop.core.errors import CredentialsError, SettingsError, UnusableKeyError
from desktop.core.messages import Message, RemedyOf
from desktop.core.paths import find_paths
from desktop.core.permissions import restrict_to_owner
from desktop.credentials.environment import KEY_VARIABLES, find_environment_key
from desktop.settings.file import edit_document, read_values

KEYRING_SERVICE = "intone"
"""Service name of the entries in the keyring."""

KEYRING_PLACE = Message("key-place-keyring")

OPENAI_HOST = "api.openai.com"
"""OpenAI's own host; its regions have hosts below it (`eu.api.openai.com`)."""


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A key and the place it was found in; empty and None where there is none.

    `unencrypted`: the place is the unencrypted file.
    """

    key: str = field(default="", repr=False)
    place: Message | None = None
    unencrypted: bool = False

    @property
    def is_in_environment(self) -> bool:
        """Whether an environment variable has it, which only the user can change."""
        return self.place is not None and self.place.code == "key-place-environment"


KEY_SUFFIX_CHARS = 4
"""Number of trailing characters shown to identify a key."""

MIN_KEY_CHARS = 12
"""Minimum length in characters of a key whose last `KEY_SUFFIX_CHARS` may be shown."""


@dataclass(frozen=True, slots=True)
class ApiKeyLocation:
    """Where a service's key is stored, without the key.

    `location` is part of a sentence, None without a key; `last_characters` identify the key; `is_unencrypted`: nothing
    encrypts it there; `is_removable`: the application stored it, it is no environment variable.
    """

    location: Message | None = None
    last_characters: str = ""
    is_unencrypted: bool = False
    is_removable: bool = True


def locate_key(name: str) -> ApiKeyLocation:
    """Return where the key called `name` is stored. Blocks. Raises `CredentialsError`."""
    found = look_up_key(name)
    suffix = found.key[-KEY_SUFFIX_CHARS:] if len(found.key) >= MIN_KEY_CHARS else ""
    return ApiKeyLocation(found.place, suffix, found.unencrypted, bool(found.key) and not found.is_in_environment)


def find_key(name: str) -> str:
    """Return the key called `name`; empty where there is none. Blocks. Raises `CredentialsError`."""
    return look_up_key(name).key


def find_key_place(name: str) -> Message | None:
    """Return where the key called `name` is; None where there is none. Blocks. Raises `CredentialsError`."""
    return look_up_key(name).place


def look_up_key(name: str) -> FoundKey:
    """Return the key called `name` and where it is. Blocks; the keyring may prompt the user for its password.

    Raises `CredentialsError` where a keyring exists and cannot be read, and its subclass `UnusableKeyError` where the
    environment's value cannot be a key, the file cannot be read, or other users can read the file that has the key.
    Without a keyring its key counts as absent.
    """
    if key := find_environment_key(name):
        if not _is_valid_key(key):
            raise UnusableKeyError("key-variable-invalid", variable=KEY_VARIABLES[name])
        return FoundKey(key, Message("key-place-environment", variable=KEY_VARIABLES[name]))
    with _file_errors():
        key_in_file = read_values(keys_file())[1].get(name)
    if isinstance(key_in_file, str) and key_in_file:
        _require_private(name)
        return FoundKey(key_in_file, Message("key-place-file", path=keys_file().name), unencrypted=True)
    return FoundKey(stored, KEYRING_PLACE) if (stored := _read_from_keyring(name)) else FoundKey()


def find_polish_key(url: str, name: str = "polish") -> str:
    """Return the key for the polish server at `url`: for OpenAI the key `openai` where it has none of its own.

    Blocks. Raises `CredentialsError`.
    """
    return look_up_polish_key(url, name).key


def look_up_polish_key(url: str, name: str = "polish") -> FoundKey:
    """Return the key for the polish server at `url`, as `find_polish_key`, and where it is."""
    own = look_up_key(name)
    return look_up_key("openai") if not own.key and is_openai_url(url) else own


def is_openai_url(url: str) -> bool:
    """Return whether `url` is OpenAI's own."""
    return f".{urlsplit(url).hostname}".endswith(f".{OPENAI_HOST}")


def store_key(name: str, key: str, unencrypted: bool = False) -> Message:
    """Store `key` under `name`, in the keyring or with `unencrypted` in the file, and return where. Blocks.

    Raises `CredentialsError`.
    """
    if unencrypted:
        with _file_errors(), edit_document(keys_file()) as document:
            document[name] = key
        try:
            _require_private(name)
        except CredentialsError:
            _remove_from_file(name)
            raise
        with suppress(CredentialsError):  # the file has precedence
            _remove_from_keyring(name)
        return Message("key-place-file", path=str(keys_file()))
    store_secret(name, key)
    _remove_from_file(name)
    return KEYRING_PLACE


def store_secret(name: str, secret: str) -> None:
    """Store `secret` in the keyring, and verify that it is there. Blocks. Raises `CredentialsError`."""
    with _keyring_errors(name):
        import keyring

        keyring.set_password(KEYRING_SERVICE, name, secret)
        stored = keyring.get_password(KEYRING_SERVICE, name)
    if stored != secret:  # keyring's `null` backend accepts everything and stores nothing
        raise _keyring_error(name, "keyring-forgetful", "keyring-forgetful-for-key")


def read_secret(name: str) -> str:
    """Return the keyring's entry called `name`; empty where there is none. Blocks.

    Raises `CredentialsError`, also where there is no keyring.
    """
    with _keyring_errors(name):
        import keyring

        return keyring.get_password(KEYRING_SERVICE, name) or ""


def remove_key(name: str) -> bool:
    """Remove the key called `name` from the file and the keyring; return False where it was in neither. Blocks.

    Raises `CredentialsError`.
    """
    was_in_file = _remove_from_file(name)
    return _remove_from_keyring(name) or was_in_file


def validate_key(text: str) -> str:
    """Return the key in `text`. Raises `CredentialsError` where it cannot be a key."""
    key = text.strip()
    if not key:
        raise CredentialsError("key-empty")
    if not _is_valid_key(key):
        raise CredentialsError("key-invalid")
    return key


def keys_file() -> Path:
    """Return the path of the unencrypted file."""
    return find_paths().keys


def _require_private(name: str) -> None:
    """Close the file to other users. Raises `CredentialsError` where they can still read it."""
    if not (path := keys_file()).exists() or restrict_to_owner(path):
        return
    raise UnusableKeyError("key-file-exposed", path=str(path), name=name)


def _is_valid_key(key: str) -> bool:
    return all(letter.isprintable() and not letter.isspace() and letter.isascii() for letter in key)


def _read_from_keyring(name: str) -> str:
    with _keyring_errors(name):
        import keyring
        from keyring.errors import NoKeyringError

        try:
            return keyring.get_password(KEYRING_SERVICE, name) or ""
        except NoKeyringError:
            return ""


def _remove_from_keyring(name: str) -> bool:
    if not _read_from_keyring(name):
        return False
    with _keyring_errors(name):
        import keyring

        keyring.delete_password(KEYRING_SERVICE, name)
    return True


def _remove_from_file(name: str) -> bool:
    with _file_errors():
        if name not in read_values(keys_file())[1]:
            return False
        with edit_document(keys_file()) as document:
            del document[name]
    return True


@contextmanager
def _keyring_errors(name: str) -> Iterator[None]:
    from keyring.errors import KeyringLocked, NoKeyringError

    problem: CredentialsError
    try:
        yield
        return
    except NoKeyringError:
        problem = _keyring_error(name, "keyring-missing", "keyring-missing-for-key")
    except KeyringLocked:
        problem = _keyring_error(name, "keyring-locked", "keyring-locked-for-key")
    except Exception as error:
        problem = _keyring_error(name, "keyring-failed", "keyring-failed-for-key", error=type(error).__name__)
    raise problem from None


def _keyring_error(name: str, code: str, api_key_code: str, **params: str) -> CredentialsError:
    """Return the error `api_key_code` for an API key, `code` for another secret: only an API key may be elsewhere."""
    if name in KEY_VARIABLES:
        return CredentialsError(api_key_code, variable=KEY_VARIABLES[name], name=name, **params)
    return CredentialsError(code, **params)


@contextmanager
def _file_errors() -> Iterator[None]:
    problem: CredentialsError
    try:
        yield
        return
    except SettingsError as error:  # its text may quote a line of the file
        instruction = RemedyOf(error.message)
        problem = UnusableKeyError("key-file-unusable", path=str(keys_file()), instruction=instruction)
    raise problem from None
