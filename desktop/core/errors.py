"""Errors that the user can act on, as opposed to bugs.

    UserError                     shown as a sentence with a remedy; never a traceback
    ├── MicrophoneError           no device, no permission, unplugged, silent
    ├── HotkeyError               no display, a Wayland session without a binding
    │   └── UnavailableKeysError  a key that is taken, or missing on the keyboard; the others work
    ├── RecognizerError           no model, a damaged model, an engine that does not answer
    ├── ServiceError              a network service: unreachable, no key, no credit, an invalid answer
    ├── CredentialsError          a key that cannot be stored or read
    │   └── UnusableKeyError      a key that exists, and may not or cannot be used
    ├── PasteError                no window, a window that does not read
    ├── HistoryError              disk full, newer file
    │   ├── DamagedError          the file is damaged
    │   └── LockedError           it is encrypted, and its key is not available
    └── SettingsError             unknown key, value of the wrong kind

Adapters turn a library's exceptions into one of these at one place each. Every other exception is a bug and is logged
with its traceback at the session's edge.
"""

from __future__ import annotations

from collections.abc import Mapping

REDACTED = "…"
"""Replaces quoted text in the log."""


class UserError(Exception):
    """An error that the user can act on: a sentence that says what happened and one that says what to do.

    Both are whole plain sentences without exclamation marks; `remedy` may be empty where waiting is all there is to do.
    `quoted` is the part of the title that is foreign: the sentence of a service, the text of an exception. It may
    contain dictated words or a key, so only the windows show it; `log_text` is the title without it.
    """

    def __init__(self, title: str, remedy: str = "", quoted: str = "") -> None:
        self.title = title
        self.remedy = remedy
        self.log_text = title.replace(quoted, REDACTED) if quoted else title
        super().__init__(self.log_text)  # `repr` shows it, also when a task is logged

    def __str__(self) -> str:
        return f"{self.title} {self.remedy}".rstrip()


class MicrophoneError(UserError):
    """No device, no permission, unplugged, or silent."""


class HotkeyError(UserError):
    """Hotkeys do not work here."""


class UnavailableKeysError(HotkeyError):
    """Some bound keys are not available: taken by another program, or not on this keyboard.

    `keys` maps their names among the `hotkey` settings to a sentence each; `no_talk_key`: none is left to talk with.
    """

    def __init__(self, title: str, remedy: str, keys: Mapping[str, str], no_talk_key: bool) -> None:
        super().__init__(title, remedy)
        self.keys = keys
        self.no_talk_key = no_talk_key


class RecognizerError(UserError):
    """The engine has no model, a damaged one, or does not answer."""


class ServiceError(UserError):
    """A network service did not fulfil a request; made in `network.errors`.

    `status` is the HTTP status of a refusal, 0 where the connection failed and not the service, None otherwise.
    """

    status: int | None = None


class CredentialsError(UserError):
    """A key cannot be stored or read."""


class UnusableKeyError(CredentialsError):
    """A key exists, outside the keyring, and may not or cannot be used."""


class PasteError(UserError):
    """The text could not be pasted into its window."""


class HistoryError(UserError):
    """The history cannot be read or written."""


class DamagedError(HistoryError):
    """The history's file is damaged."""


class LockedError(HistoryError):
    """The history is encrypted, and its key is not available now."""


class SettingsError(UserError):
    """A key that does not exist or a value of the wrong kind."""


def apt_command(*packages: str) -> str:
    """Return the command that installs Debian packages, the remedy in many errors."""
    return f"sudo apt-get install -y {' '.join(packages)}"
