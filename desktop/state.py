"""All that a window may know: one union of frozen values, made by the flow, drawn by the windows.

A window is a function of `Shown` and asks the engine nothing. States carry their data and nothing else.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from desktop.gesture import SHORTCUT_S
from desktop.ports import Outcome, Target, Transcript
from desktop.problems import Problem, SomeKeysProblem


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing is being said."""


@dataclass(frozen=True, slots=True)
class Starting:
    """The key is down, the microphone is not heard yet."""

    target: Target = Target()


@dataclass(frozen=True, slots=True)
class Listening:
    """The person speaks. `level` is the loudness of the last frame in [0, 1]; `since` a `time.monotonic()` stamp;
    `left_s` the seconds until the longest take ends, once there are few; `trouble` says why nothing is heard. `style`
    names how one writes here, empty where no way is special, and `why` is what says so."""

    words: Transcript = Transcript()
    level: float = 0.0
    since: float = 0.0
    device: str = ""
    locked: bool = False
    target: Target = Target()
    left_s: int | None = None
    trouble: Problem | None = None
    style: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Transcribing:
    """The key is up and words are still missing. `into` names the window that they are for, here and in what follows,
    where it is another than at the press."""

    words: Transcript = Transcript()
    into: str = ""


@dataclass(frozen=True, slots=True)
class Polishing:
    """The words are known and are being put into shape."""

    draft: str = ""
    into: str = ""


@dataclass(frozen=True, slots=True)
class Pasting:
    """The text is on its way into the window. Not cancellable."""

    text: str = ""
    into: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """How it ended, shown for a moment. `note` is a sentence where there is something to say; `kept`: it can be taken
    up again where it did not come to its end."""

    outcome: Outcome
    text: str = ""
    note: str = ""
    into: str = ""
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Failed:
    """What went wrong, until the next press. The audio is `kept`, but in private mode and the like."""

    problem: Problem
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Switched:
    """The next dictation is expected in one of these languages (Whisper's codes), none for any; shown for a moment."""

    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expression:
    """Whether it is noted from now on how one sounds; shown for a moment."""

    on: bool


@dataclass(frozen=True, slots=True)
class Learning:
    """The person has put `written` where `heard` was inserted, and is asked whether to do so from now on."""

    heard: str
    written: str


type State = (
    Idle | Starting | Listening | Transcribing | Polishing | Pasting | Done | Failed | Switched | Expression | Learning
)


def hushed(state: State, since_s: float) -> bool:
    """Whether `state` is not to be shown yet, where the talk key is a modifier that has been down for `since_s`."""
    early = isinstance(state, Starting) or (isinstance(state, Listening) and not state.locked)
    return early and since_s < SHORTCUT_S


COUNTDOWN_S = 30
"""The end of the longest take is announced so long before."""


def countdown(heard_s: float, longest_s: float) -> int | None:
    """The whole seconds until a take ends of which so much was heard, once there are few."""
    seconds = math.ceil(longest_s - heard_s)
    return max(0, seconds) if seconds <= COUNTDOWN_S else None


def name(state: State) -> str:
    """The state's name on the command line: `Done`, `Switched` and the like have passed, so they read `idle`."""
    return "idle" if isinstance(state, Done | Switched | Expression | Learning) else type(state).__name__.lower()


@dataclass(frozen=True, slots=True)
class Progress:
    """A download on its way: `done` of `total` bytes (0 where the size is not known yet)."""

    what: str
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Release:
    """A version that is there, and the page that tells of it; an empty address where there is none."""

    version: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """What must work before a dictation can: each None when well, else the `Problem` that says what to do.

    `note` says why `device` is not the one that was hoped for; everything works all the same. `paused`: the person has
    given the keys back for now. `release` is newer than what runs, as far as somebody wanted to know.
    """

    hotkey: Problem | None = None
    microphone: Problem | None = None
    engine: Problem | None = None
    engine_loaded: bool = False
    progress: Progress | None = None
    engine_name: str = ""
    model: str = ""
    device: str = ""
    note: str = ""
    paused: bool = False
    release: Release | None = None

    @property
    def deaf(self) -> bool:
        """Whether there is no key to talk with."""
        return self.hotkey is not None and not (isinstance(self.hotkey, SomeKeysProblem) and not self.hotkey.deaf)

    @property
    def ready(self) -> bool:
        """Whether holding the key now ends in text."""
        return self.engine_loaded and not (self.deaf or self.paused or self.microphone or self.engine)

    @property
    def problem(self) -> Problem | None:
        """The first thing that is wrong."""
        return self.hotkey or self.microphone or self.engine


@dataclass(frozen=True, slots=True)
class Shown:
    """What is drawn: the newest utterance's state and the app's health."""

    state: State = field(default_factory=Idle)
    health: Health = Health()
