"""Keys of services: in the environment, in the keyring of the operating system, or, where the person chose that, in a
file that nothing encrypts.

The environment goes first, as everywhere. The file goes before the keyring: a key is in it only by choice (`intone key
set --plain`), mostly because the keyring cannot be had, and it must not cost a question for the keyring's password. A
key that is kept anew is taken out of the other place, so there is never a doubt which one is meant.

`keyring` is imported when it is asked, since looking for its backends takes a while. A backend is a plug-in, which may
raise whatever it likes: all of it becomes a `CredentialsProblem` here, without the exception, whose text is not ours to
show where a key may be in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from desktop.paths import paths
from desktop.permissions import narrow
from desktop.problems import CredentialsProblem, SettingsProblem, UnusableKeyProblem
from desktop.settings.file import changed, stands
from desktop.withheld import NAMES, in_environment

SERVICE = "intone"
"""What the entries in the keyring are filed under."""

KEYRING = "the keyring"

OPENAI_HOST = "api.openai.com"
"""OpenAI's own; the parts of the world have theirs below it (`eu.api.openai.com`)."""


@dataclass(frozen=True, slots=True)
class Found:
    """A key and the place it was found in, as a part of a sentence; both empty where there is none. `plain`: that
    place is the file that nothing encrypts."""

    key: str = field(default="", repr=False)
    where: str = ""
    plain: bool = False


def find(name: str) -> str:
    """The key called `name`; empty where there is none. Blocks. Raises `CredentialsProblem`."""
    return found(name).key


def where(name: str) -> str:
    """Where the key called `name` is; empty where there is none. Blocks. Raises `CredentialsProblem`."""
    return found(name).where


def found(name: str) -> Found:
    """The key called `name` and where it is. Blocks, and may have the person asked for the keyring's password.

    Raises `CredentialsProblem` where a keyring is here and cannot be read, and its `UnusableKeyProblem` where what the
    environment has can be no key, the file cannot be read, or other users can read the one that has it; without a
    keyring there is no key in it.
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
    """The key for the server at `url`, which polishes: OpenAI's own is asked with the key for `openai` where there is
    none of its own. Blocks. Raises `CredentialsProblem`."""
    return found_for_polish(url, name).key


def found_for_polish(url: str, name: str = "polish") -> Found:
    """The same, and where it is."""
    own = found(name)
    return found("openai") if not own.key and is_openai(url) else own


def is_openai(url: str) -> bool:
    """Whether OpenAI itself answers at `url`."""
    return f".{urlsplit(url).hostname}".endswith(f".{OPENAI_HOST}")


def keep(name: str, key: str, plain: bool = False) -> str:
    """Keep `key` under `name` and return where: in the keyring, or with `plain` in the file. Blocks.

    Raises `CredentialsProblem`.
    """
    if plain:
        with _file_problems(), changed(file()) as document:
            document[name] = key
        try:
            _require_private(name)
        except CredentialsProblem:
            _out_of_file(name)
            raise
        with suppress(CredentialsProblem):  # the file goes first
            _out_of_keyring(name)
        return f"the file {file()}, unencrypted"
    keep_secret(name, key)
    _out_of_file(name)
    return KEYRING


def keep_secret(name: str, secret: str) -> None:
    """Keep `secret` in the keyring, and see that it is there. Blocks. Raises `CredentialsProblem`."""
    with _keyring_problems(name):
        import keyring

        keyring.set_password(SERVICE, name, secret)
        kept = keyring.get_password(SERVICE, name)
    if kept != secret:  # keyring's `null` backend takes everything and keeps nothing
        raise CredentialsProblem("The keyring did not keep the key.", _elsewhere(name))


def secret(name: str) -> str:
    """What the keyring, and it alone, has under `name`; empty where there is nothing. Blocks. Raises
    `CredentialsProblem`, also where no keyring is here."""
    with _keyring_problems(name):
        import keyring

        return keyring.get_password(SERVICE, name) or ""


def remove(name: str) -> bool:
    """Take the key called `name` out of the file and the keyring; False where it was in neither. Blocks.

    Raises `CredentialsProblem`.
    """
    plain = _out_of_file(name)
    return _out_of_keyring(name) or plain


def checked(text: str) -> str:
    """The key in `text`. Raises `CredentialsProblem` where it can be none."""
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
    """The file for those who chose it."""
    return paths().keys


def _require_private(name: str) -> None:
    """Close the file to other users. Raises `CredentialsProblem` where they can read it all the same."""
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
    except SettingsProblem as error:  # its words may hold a line of the file
        problem = UnusableKeyProblem(f"The keys in {file()} cannot be read or written.", error.remedy)
    raise problem from None


def _elsewhere(name: str, first: str = "") -> str:
    if name not in NAMES:  # what is nowhere but in the keyring
        return "." if first else "Start a keyring that keeps what it is given, and try again."
    rest = f"set {NAMES[name]}, or keep the key unencrypted: intone key set {name} --plain"
    return f"{first}{rest}" if first else f"{rest[0].upper()}{rest[1:]}"
