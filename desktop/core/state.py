"""What the windows may know: a union of frozen values, made by the dictation and drawn by the windows.

A window is a function of `AppState` and queries nothing of the engine. States carry their data and nothing else.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from desktop.core.errors import UnavailableKeysError, UserError
from desktop.core.messages import Message, Notes
from desktop.core.types import Outcome, Replacement, Target, Transcript

SHORTCUT_WINDOW_S = 0.2
"""Seconds after which a held modifier no longer begins a shortcut: another key then changes nothing."""

MESSAGE_DISPLAY_S = 8.0
"""Seconds that a message which asks for something stays in the pill; no other stays longer."""

COUNTDOWN_S = 30
"""Seconds before the end of the longest recording at which the countdown begins."""


@dataclass(frozen=True, slots=True)
class Idle:
    """No dictation is running."""


@dataclass(frozen=True, slots=True)
class Starting:
    """The key is down; the microphone does not deliver audio yet."""

    target: Target = Target()


@dataclass(frozen=True, slots=True)
class Listening:
    """The user speaks.

    `level` is the loudness of the last frame in [0, 1]; `started_at` a `time.monotonic()` stamp; `remaining_s` the
    seconds until the longest recording ends, once there are few; `problem` says why no audio arrives. `style` names the
    style of writing, empty for none, and `style_reason` what selected it. `languages` were
    chosen by the keyboard's layout or the application, none where the settings alone decide. `goes_on`: after a pause
    the next dictation begins by itself.
    """

    transcript: Transcript = Transcript()
    level: float = 0.0
    started_at: float = 0.0
    device: str = ""
    is_locked: bool = False
    target: Target = Target()
    remaining_s: int | None = None
    problem: UserError | None = None
    style: str = ""
    style_reason: str = ""
    languages: tuple[str, ...] = ()
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Transcribing:
    """The key is up and words are still missing.

    `new_target` names the window that the text goes to, here and in later states, where it is not the one at key press.
    """

    transcript: Transcript = Transcript()
    new_target: str = ""


@dataclass(frozen=True, slots=True)
class Polishing:
    """The words are known and are being polished. `raw_text` is what was heard, here and in later states."""

    draft: str = ""
    new_target: str = ""
    raw_text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Pasting:
    """The text is on its way into the window. Not cancellable."""

    text: str = ""
    new_target: str = ""
    raw_text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Done:
    """The outcome, shown for a moment.

    `notes` are for the user. `has_recording`: an unfinished dictation can be taken up again. `lacks_words`: polish took
    out words that carry content, which a swap for the raw text brings back. `goes_on`: the microphone is open for the
    next dictation, and what is shown stays until then.
    """

    outcome: Outcome
    text: str = ""
    notes: Notes = ()
    new_target: str = ""
    has_recording: bool = True
    lacks_words: bool = False
    raw_text: str = field(default="", compare=False)
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """The error of a dictation, shown until the next press. `has_recording` is False in private mode and the like."""

    problem: UserError
    has_recording: bool = True


@dataclass(frozen=True, slots=True)
class LanguageSwitched:
    """The languages of the next dictation (Whisper's codes) after a switch, none for any; shown for a moment."""

    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EmotionSwitched:
    """Emotion detection was switched on or off; shown for a moment."""

    is_on: bool


@dataclass(frozen=True, slots=True)
class SettingsNotice:
    """Not everything in the settings file is in force, as `message` says; shown for a moment."""

    message: Message


@dataclass(frozen=True, slots=True)
class ReplacementNotice:
    """Another version was installed beneath this one; shown for a moment, with the offer to start it now."""

    version: str


@dataclass(frozen=True, slots=True)
class CorrectionOffered:
    """The user replaced the inserted `heard` by `written`; the app offers to learn that."""

    heard: str
    written: str


@dataclass(frozen=True, slots=True)
class CallMuteOffered:
    """`program` recorded the microphone during a dictation; the app offers to mute the user there while dictating."""

    program: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """`old` was replaced by `new` in the last text, where the user has said it again; `notes` are for the user."""

    old: str
    new: str
    notes: Notes = ()


@dataclass(frozen=True, slots=True)
class CorrectionChoice:
    """What was said again may be meant for several places of the last `text`: the user says which of `choices`."""

    text: str
    choices: tuple[Replacement, ...]


type DictationState = (
    Idle
    | Starting
    | Listening
    | Transcribing
    | Polishing
    | Pasting
    | Done
    | Failed
    | LanguageSwitched
    | EmotionSwitched
    | SettingsNotice
    | ReplacementNotice
    | CorrectionOffered
    | CallMuteOffered
    | Corrected
    | CorrectionChoice
)


_PASSING_STATES = (
    Done,
    LanguageSwitched,
    EmotionSwitched,
    SettingsNotice,
    ReplacementNotice,
    CorrectionOffered,
    CallMuteOffered,
    Corrected,
    CorrectionChoice,
)


def is_between_paragraphs(state: DictationState) -> bool:
    """Return whether an outcome is shown while the microphone is open for the next paragraph."""
    return isinstance(state, Done) and state.goes_on


def is_hidden_yet(state: DictationState, held_s: float) -> bool:
    """Return whether `state` is not shown yet, where the talk key is a modifier that has been down for `held_s`."""
    early = isinstance(state, Starting) or (isinstance(state, Listening) and not state.is_locked)
    return early and held_s < SHORTCUT_WINDOW_S


def compute_countdown_s(recorded_s: float, limit_s: float) -> int | None:
    """Return the whole seconds until a recording of `recorded_s` reaches `limit_s`; None above `COUNTDOWN_S`."""
    seconds = math.ceil(limit_s - recorded_s)
    return max(0, seconds) if seconds <= COUNTDOWN_S else None


def state_name(state: DictationState) -> str:
    """Return the state's name on the command line: passing states (`Done`, `LanguageSwitched` and the like) read
    `idle`, but for one between two paragraphs."""
    if is_between_paragraphs(state):
        return "listening"
    return "idle" if isinstance(state, _PASSING_STATES) else type(state).__name__.lower()


@dataclass(frozen=True, slots=True)
class DownloadStatus:
    """A running download: `done` of `total` bytes (0 where the size is not known yet)."""

    item: str
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class AvailableRelease:
    """A released version and its page; an empty address where there is none."""

    version: str = ""
    url: str = ""


KEYS_NOT_ALLOWED = ("portal-typing-unasked", "portal-typing-refused")
"""Codes of what is said where the desktop has not given the permission to press keys."""


@dataclass(frozen=True, slots=True)
class Health:
    """What must work before a dictation can: each problem is None when all is well.

    `note` says why `device` is not the preferred one; everything works all the same. `model_reason` says why the model
    was chosen automatically, None where the settings name it. `paused`: the user has released
    the hotkeys for now. `input_method`: texts go in by the session's input method, so that it is no problem that no key
    can be pressed (`paste`). `talk_key` is the talk key's name where the desktop has chosen it, and not the settings;
    so is `swap_key`, empty for none, None where the settings name it.
    `release` is newer than this version, as far as the settings allow checking; `installed_version` was installed while
    this one runs, None for none. `settings_notice`
    says that not everything in the settings file is in force. `muted_in` are the programs in which a dictation mutes
    the user now, and `is_mute_failing` says that it cannot.
    """

    hotkey: UserError | None = None
    microphone: UserError | None = None
    engine: UserError | None = None
    paste: UserError | None = None
    engine_loaded: bool = False
    progress: DownloadStatus | None = None
    engine_name: str = ""
    model: str = ""
    device: str = ""
    note: Notes = ()
    model_reason: Message | None = None
    paused: bool = False
    talk_key: str = ""
    swap_key: str | None = None
    input_method: bool = False
    release: AvailableRelease | None = None
    installed_version: str | None = None
    settings_notice: Message | None = None
    muted_in: tuple[str, ...] = ()
    is_mute_failing: bool = False

    @property
    def is_talk_key_missing(self) -> bool:
        """Return whether no talk key works."""
        return self.hotkey is not None and not (
            isinstance(self.hotkey, UnavailableKeysError) and not self.hotkey.no_talk_key
        )

    @property
    def missing_way(self) -> UserError | None:
        """Return why no key leads to text in a window, where the page “A key to talk” helps: there is no talk key, or
        the desktop does not let us paste. A key that only the compositor can bind may be bound."""
        if self.is_talk_key_missing:
            return None if self.is_key_by_compositor else self.hotkey
        problem = self._paste_problem
        return problem if problem is not None and problem.message.code in KEYS_NOT_ALLOWED else None

    @property
    def is_ready(self) -> bool:
        """Return whether holding the key now leads to text."""
        return self.engine_loaded and not self.paused and self.obstacle is None

    @property
    def obstacle(self) -> UserError | None:
        """Return the first problem that keeps the key from leading to text.

        A key that only the compositor can bind may be bound: it is not waited for.
        """
        is_key_missing = self.is_talk_key_missing and not self.is_key_by_compositor
        paste = None if self.input_method else self.paste
        return (self.hotkey if is_key_missing else None) or self.microphone or self.engine or paste

    @property
    def is_key_by_compositor(self) -> bool:
        """Return whether a talk key can only be a binding of the compositor, of which nothing is known."""
        return self.hotkey is not None and self.hotkey.message.code.startswith("wayland-keys-")

    @property
    def problem(self) -> UserError | None:
        """Return the first problem, also one that keeps nothing from working."""
        return self.hotkey or self.microphone or self.engine or self._paste_problem

    @property
    def _paste_problem(self) -> UserError | None:
        """Return what is wrong with putting texts into windows; not that no permission was given for keys, where texts
        go in by the input method."""
        is_unneeded = self.input_method and self.paste is not None and self.paste.message.code in KEYS_NOT_ALLOWED
        return None if is_unneeded else self.paste


@dataclass(frozen=True, slots=True)
class AppState:
    """What the windows draw: the state of the newest dictation and the app's health."""

    state: DictationState = field(default_factory=Idle)
    health: Health = Health()
