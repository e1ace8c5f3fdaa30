"""API keys of services: from the environment, the operating system's keyring, or, where the user chose that, an
unencrypted file.

The environment has precedence, as everywhere. The file has precedence over the keyring: a key is in it only by choice
(`intone key set --plain`), mostly because the keyring is not available, and it must not cost a prompt for the keyring's
password. Storing a key removes it from the other place, so there is never a doubt which one is used.

`keyring` is imported when needed, since looking for its backends takes a while. A backend is a plug-in, which may raise
anything: all of it becomes a `CredentialsError` here, without the exception's text, which may contain a key.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from desktop.core.errors import CredentialsProblem, SettingsProblem, UnusableKeyProblem
from desktop.core.paths import paths
from desktop.core.permissions import narrow
from desktop.credentials.environment import NAMES, in_environment
from desktop.settings.file import changed, stands

SERVICE = "intone"
"""Service name of the entries in the keyring."""

KEYRING = "the keyring"

OPENAI_HOST = "api.openai.com"
"""OpenAI's own host; its regions have hosts below it (`eu.api.openai.com`)."""


@dataclass(frozen=True, slots=True)
class Found:
    """A key and a phrase for the place it was found in; both empty where there is none.

    `unencrypted`: the place is the unencrypted file.
    """

    key: str = field(default="", repr=False)
    where: str = ""
    plain: bool = False


def find(name: str) -> str:
    """Return the key called `name`; empty where there is none. Blocks. Raises `CredentialsError`."""
    return found(name).key


def where(name: str) -> str:
    """Return where the key called `name` is; empty where there is none. Blocks. Raises `CredentialsError`."""
    return found(name).where


def found(name: str) -> Found:
    """Return the key called `name` and where it is. Blocks; the keyring may prompt the user for its password.

    Raises `CredentialsError` where a keyring exists and cannot be read, and its subclass `UnusableKeyError` where the
    environment's value cannot be a key, the file cannot be read, or other users can read the file that has the key.
    Without a keyring its key counts as absent.
    """
    if key := in_environment(name):
        if not _can_be(key):
            raise UnusableKeyProblem(
                f"{NAMES[name]} is no key: it has blanks, line breaks or marks that no key has.", "Copy the key alone."
            )
        return Found(key, f"the environment ({NAMES[name]})")
    with _file_problems():
        written = stands(file())[1].get(name)
    if isinstance(written, str) and written:
        _require_private(name)
        return Found(written, f"the file {file().name}, unencrypted", plain=True)
    return Found(kept, KEYRING) if (kept := _in_keyring(name)) else Found()


def find_for_polish(url: str, name: str = "polish") -> str:
    """Return the key for the polish server at `url`: for OpenAI the key `openai` where it has none of its own.

    Blocks. Raises `CredentialsError`.
    """
    return found_for_polish(url, name).key


def found_for_polish(url: str, name: str = "polish") -> Found:
    """Return the key for the polish server at `url`, as `find_polish_key`, and where it is."""
    own = found(name)
    return found("openai") if not own.key and is_openai(url) else own


def is_openai(url: str) -> bool:
    """Return whether `url` is OpenAI's own."""
    return f".{urlsplit(url).hostname}".endswith(f".{OPENAI_HOST}")


def keep(name: str, key: str, plain: bool = False) -> str:
    """Store `key` under `name`, in the keyring or with `unencrypted` in the file, and return where. Blocks.

    Raises `CredentialsError`.
    """
    if plain:
        with _file_problems(), changed(file()) as document:
            document[name] = key
        try:
            _require_private(name)
        except CredentialsProblem:
            _out_of_file(name)
            raise
        with suppress(CredentialsProblem):  # the file has precedence
            _out_of_keyring(name)
        return f"the file {file()}, unencrypted"
    keep_secret(name, key)
    _out_of_file(name)
    return KEYRING


def keep_secret(name: str, secret: str) -> None:
    """Store `secret` in the keyring, and verify that it is there. Blocks. Raises `CredentialsError`."""
    with _keyring_problems(name):
        import keyring

        keyring.set_password(SERVICE, name, secret)
        kept = keyring.get_password(SERVICE, name)
    if kept != secret:  # keyring's `null` backend accepts everything and stores nothing
        raise CredentialsProblem("The keyring did not keep the key.", _elsewhere(name))


def secret(name: str) -> str:
    """Return what the keyring alone has under `name`; empty where there is nothing. Blocks.

    Raises `CredentialsError`, also where there is no keyring.
    """
    with _keyring_problems(name):
        import keyring

        return keyring.get_password(SERVICE, name) or ""


def remove(name: str) -> bool:
    """Remove the key called `name` from the file and the keyring; return False where it was in neither. Blocks.

    Raises `CredentialsError`.
    """
    plain = _out_of_file(name)
    return _out_of_keyring(name) or plain


def checked(text: str) -> str:
    """Return the key in `text`. Raises `CredentialsError` where it cannot be a key."""
    key = text.strip()
    if not key:
        raise CredentialsProblem(
            "No key was given.", "Paste it at the prompt, or pipe it in: intone key set NAME < FILE"
        )
    if not _can_be(key):
        raise CredentialsProblem(
            "This is no key: it has blanks, line breaks or marks that no key has.", "Copy the key alone."
        )
    return key


def file() -> Path:
    """Return the path of the unencrypted file."""
    return paths().keys


def _require_private(name: str) -> None:
    """Close the file to other users. Raises `CredentialsError` where they can still read it."""
    if not (there := file()).exists() or narrow(there):
        return
    raise UnusableKeyProblem(
        f"The key in {there} is not used: other users of this machine can read it.",
        f"Make it yours alone with chmod 600, or keep the key in the keyring with `intone key set {name}`.",
    )


def _can_be(key: str) -> bool:
    return all(mark.isprintable() and not mark.isspace() and mark.isascii() for mark in key)


def _in_keyring(name: str) -> str:
    with _keyring_problems(name):
        import keyring
        from keyring.errors import NoKeyringError

        try:
            return keyring.get_password(SERVICE, name) or ""
        except NoKeyringError:
            return ""


def _out_of_keyring(name: str) -> bool:
    if not _in_keyring(name):
        return False
    with _keyring_problems(name):
        import keyring

        keyring.delete_password(SERVICE, name)
    return True


def _out_of_file(name: str) -> bool:
    with _file_problems():
        if name not in stands(file())[1]:
            return False
        with changed(file()) as document:
            del document[name]
    return True


@contextmanager
def _keyring_problems(name: str) -> Iterator[None]:
    from keyring.errors import KeyringLocked, NoKeyringError

    problem: CredentialsProblem
    try:
        yield
        return
    except NoKeyringError:
        start = "Start a Secret Service (GNOME Keyring, KWallet, KeePassXC)"
        problem = CredentialsProblem("No keyring is here to keep keys in.", f"{start}{_elsewhere(name, '; or ')}")
    except KeyringLocked:
        problem = CredentialsProblem("The keyring is locked.", f"Unlock it and try again{_elsewhere(name, '; or ')}")
    except Exception as error:
        problem = CredentialsProblem(f"The keyring does not work ({type(error).__name__}).", _elsewhere(name))
    raise problem from None


@contextmanager
def _file_problems() -> Iterator[None]:
    problem: CredentialsProblem
    try:
        yield
        return
    except SettingsProblem as error:  # its text may quote a line of the file
        problem = UnusableKeyProblem(f"The keys in {file()} cannot be read or written.", error.remedy)
    raise problem from None


def _elsewhere(name: str, first: str = "") -> str:
    if name not in NAMES:  # stored only in the keyring
        return "." if first else "Start a keyring that keeps what it is given, and try again."
    rest = f"set {NAMES[name]}, or keep the key unencrypted: intone key set {name} --plain"
    return f"{first}{rest}" if first else f"{rest[0].upper()}{rest[1:]}"
