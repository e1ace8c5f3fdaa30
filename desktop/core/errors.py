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

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Protocol, Self

from desktop.core.messages import Message, Param, PartList, RemedyOf, render


class HasCode(Protocol):
    """An error of `models`, which has no texts: a code of `desktop.core.texts` and its parameters.

    A tuple of errors as a parameter stands for what they say and their remedies, a list for its parts (`PartList`), as
    does a tuple with a text in it.
    """

    @property
    def code(self) -> str:
        """The code."""
        ...

    @property
    def params(self) -> Mapping[str, str | HasCode | Sequence[str | HasCode]]:
        """The parameters."""
        ...


class UserError(Exception):
    """An error that the user can act on: a code of `desktop.core.texts` and the parameters that its texts name.

    `title` says in English what happened and `remedy` what to do, empty where waiting is all there is to do.
    """

    def __init__(self, code: str, /, **params: Param) -> None:
        super().__init__(code)
        self.message = Message(code, **params)

    def __repr__(self) -> str:  # logged with a task that failed
        return f"{type(self).__name__}({self.log_text!r})"

    def __str__(self) -> str:
        return render(self.message)

    @property
    def code(self) -> str:
        """The code of the message."""
        return self.message.code

    @property
    def title(self) -> str:
        """What happened, in English."""
        return self.message.title

    @property
    def remedy(self) -> str:
        """What to do, in English; may be empty."""
        return self.message.remedy

    @property
    def log_text(self) -> str:
        """The title for the log, without what it quotes of another program."""
        return self.message.redacted().title

    @classmethod
    def of(cls, message: Message) -> Self:
        """Return an error of this class that says `message`."""
        error = cls(message.code, **message.params)
        error.message = message
        return error

    @classmethod
    def from_coded(cls, error: HasCode) -> Self:
        """Return an error of this class for an error of `models`."""
        return cls.of(_to_message(error))

    def without_kept_claims(self) -> Self:
        """Return the error, of the same class, for a dictation of which nothing is kept."""
        return self._with_message(self.message.without_kept_claims())

    def outside_dictation(self) -> Self:
        """Return the error, of the same class, for a trial, a test or a command: nothing was dictated."""
        return self._with_message(self.message.outside_dictation())

    def with_nothing_kept(self) -> Self:
        """Return the error, of the same class, with a remedy that says that nothing was kept."""
        message = self.message.without_kept_claims()
        return self._with_message(message if message.says_nothing_kept else _nothing_kept(message))

    def _with_message(self, message: Message) -> Self:
        changed = copy(self)
        changed.message = message
        return changed


def _to_message(error: HasCode) -> Message:
    return Message(error.code, **{name: _to_param(value) for name, value in error.params.items()})


def _to_param(value: str | HasCode | Sequence[str | HasCode]) -> Param:
    if isinstance(value, str):
        return value
    if not isinstance(value, Sequence):
        return _to_message(value)
    errors = tuple(_to_message(part) for part in value if not isinstance(part, str))
    if isinstance(value, list) or len(errors) < len(value):
        return PartList(tuple(map(_to_param, value)))
    return errors


def _nothing_kept(message: Message) -> Message:
    return Message("nothing-kept", problem=message, remedy=RemedyOf(message))


class MicrophoneError(UserError):
    """No device, no permission, unplugged, or silent."""


class HotkeyError(UserError):
    """Hotkeys do not work here."""


class UnavailableKeysError(HotkeyError):
    """Some bound keys are not available: taken by another program, or not on this keyboard.

    `keys` maps their names among the `hotkey` settings to a message each; `no_talk_key`: none is left to talk with.
    """

    def __init__(
        self,
        code: str,
        /,
        keys: Mapping[str, Message] | None = None,
        no_talk_key: bool = False,
        **params: Param,
    ) -> None:
        super().__init__(code, **params)
        self.keys = keys or {}
        self.no_talk_key = no_talk_key


class RecognizerError(UserError):
    """The engine has no model, a damaged one, or does not answer."""


class ServiceError(UserError):
    """A network service did not fulfil a request; made in `desktop.network.errors`.

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


class InvalidValueError(ValueError):
    """A value that is refused: by a validator of the settings or of the user's styles, or by the import of a history.

    `message` says what is wrong with it, or what to give.
    """

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


class SettingsError(UserError):
    """A key that does not exist or a value of the wrong kind."""


def apt_command(*packages: str) -> str:
    """Return the command that installs Debian packages, the remedy in many errors."""
    return f"sudo apt-get install -y {' '.join(packages)}"
