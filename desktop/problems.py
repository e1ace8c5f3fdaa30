"""What a person can act on, told apart from what only we can mend.

    Problem                     shown in words, with a remedy; never a traceback
    ├── MicrophoneProblem       no device, no permission, unplugged, silent
    ├── HotkeyProblem           no display, a Wayland session without a binding
    │   └── SomeKeysProblem     a key that is taken, or missing on the keyboard; the others work
    ├── RecognizerProblem       no model, a damaged model, an engine that does not answer
    ├── ServiceProblem          a service on the network: not reached, no key, no credit, no sense in its answer
    ├── CredentialsProblem      a key that cannot be kept or read
    │   └── UnusableKeyProblem  it is there, and may not or cannot be used
    ├── PasteProblem            no window, a window that does not read
    ├── HistoryProblem          disk full, newer file
    │   ├── DamagedProblem      its file is damaged
    │   └── LockedProblem       it is encrypted, and its key cannot be had
    └── SettingsProblem         unknown key, value of the wrong kind

Adapters turn a library's exceptions into one of these at one place each. Everything else that is raised is a bug and is
logged with its traceback at the utterance's edge.
"""

from __future__ import annotations

from collections.abc import Mapping

UNSAID = "…"
"""What a log has in place of what others said."""


class Problem(Exception):
    """A sentence that says what happened and one that says what to do about it.

    Both are whole sentences in plain words without exclamation marks; `remedy` may be empty where waiting is all there
    is to do.

    `said` is what of the title is somebody else's: the sentence of a service, the text of an exception. It may quote
    what it was sent, words or a key, so that it is for the windows alone; `logged` is the title without it.
    """

    def __init__(self, title: str, remedy: str = "", said: str = "") -> None:
        self.title = title
        self.remedy = remedy
        self.logged = title.replace(said, UNSAID) if said else title
        super().__init__(self.logged)  # what `repr` shows, and with it whoever logs a task

    def __str__(self) -> str:
        return f"{self.title} {self.remedy}".rstrip()


class MicrophoneProblem(Problem):
    """No device, no permission, unplugged, or silent."""


class HotkeyProblem(Problem):
    """Keys cannot be heard here."""


class SomeKeysProblem(HotkeyProblem):
    """Some keys that are bound cannot be had: taken by another program, or not on this keyboard.

    `keys` has a sentence for each by its name among the `hotkey` settings; `deaf`: none is left to talk with.
    """

    def __init__(self, title: str, remedy: str, keys: Mapping[str, str], deaf: bool) -> None:
        super().__init__(title, remedy)
        self.keys = keys
        self.deaf = deaf


class RecognizerProblem(Problem):
    """The engine has no model, a damaged one, or does not answer."""


class ServiceProblem(Problem):
    """A service on the network did not do what it was asked; `desktop.network.faults` makes them.

    `status` is that of an answer that refuses, 0 where the way there failed and not the service, None otherwise.
    """

    status: int | None = None


class CredentialsProblem(Problem):
    """A key cannot be kept or read."""


class UnusableKeyProblem(CredentialsProblem):
    """A key is there, outside the keyring, and may not or cannot be used."""


class PasteProblem(Problem):
    """The text could not be put where it belongs."""


class HistoryProblem(Problem):
    """The history cannot be read or written."""


class DamagedProblem(HistoryProblem):
    """The history's file cannot be read for what it is."""


class LockedProblem(HistoryProblem):
    """The history is encrypted, and its key cannot be had now."""


class SettingsProblem(Problem):
    """A key that does not exist or a value of the wrong kind."""


def apt(*packages: str) -> str:
    """The command that installs Debian packages, the remedy of many a problem."""
    return f"sudo apt-get install -y {' '.join(packages)}"
