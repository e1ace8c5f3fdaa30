"""Keep the app's visible state, the newest dictation's state and the app's health, and publish it to the frontend.

One rule delays it: a press of a bare modifier may become a shortcut, so the pill appears only after a moment. The
command line sees the state at once.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import anyio

import desktop
from desktop.core.engine_names import engine_name
from desktop.core.errors import UserError
from desktop.core.message_json import dump_message
from desktop.core.messages import Message, Notes, render
from desktop.core.state import (
    MESSAGE_DISPLAY_S,
    AppState,
    CallMuteOffered,
    CorrectionChoice,
    CorrectionOffered,
    DictationState,
    EmotionSwitched,
    Failed,
    Health,
    Idle,
    LanguageSwitched,
    Listening,
    Pasting,
    Polishing,
    ReplacementNotice,
    SettingsNotice,
    Starting,
    Transcribing,
    is_between_paragraphs,
    is_hidden_yet,
    state_name,
)
from desktop.core.tasks import Notifier
from desktop.settings.schema import Settings
from desktop.stt.local.engine_status import EngineStatus
from desktop.vocabulary.learning import Suggestion


@dataclass(frozen=True, slots=True)
class AssistantQuestion:
    """What a program asks of the user; `client` is the name that it gives itself.

    `text` is a question to be answered by voice; where `dictation_count` is not None, the query for which that many
    dictations at most are to be handed over, empty for the newest.
    """

    client: str
    text: str
    dictation_count: int | None = None


class Frontend(Protocol):
    """What the engine needs of the windows. Called from the engine's threads; must not block."""

    def show(self, state: AppState) -> None:
        """Draw the state."""
        ...

    def on_settings_changed(self, settings: Settings) -> None:
        """Apply changed settings."""
        ...

    def on_history_changed(self) -> None:
        """Refresh after a change of the history."""
        ...

    def open_history(self) -> None:
        """Bring up the history window."""
        ...

    def open_quotation(self, id: int, text: str, is_exact: bool) -> None:
        """Bring up the history window at the row with this id, with the words of `text` marked."""
        ...

    def quit(self) -> None:
        """End the app."""
        ...

    def restart(self, is_asked: bool) -> None:
        """End the app and start what is installed in its place, where that loses nothing; unless it `is_asked` for,
        only where no window is open and nothing is at work."""
        ...

    async def ask(self, question: AssistantQuestion, on_shown: Callable[[], None]) -> bool:
        """Show `question` until the user answers, or this is cancelled; return whether it is allowed. `on_shown` is
        called, from any thread, once its window is drawn."""
        ...

    async def insert(self, text: str, window: int) -> bool:
        """Insert `text` into the focused field of our own `window`; return whether that succeeded."""
        ...


class StatusPublisher:
    """Publishes `app_state` by calling `on_change`.

    `on_cancellable(bool)` is called when a dictation becomes one that Esc can cancel, and when that ends;
    `may_be_shortcut` returns whether a press may still become a shortcut. `now` is a monotonic clock.
    """

    def __init__(
        self,
        on_change: Callable[[AppState], None],
        on_cancellable: Callable[[bool], None],
        may_be_shortcut: Callable[[], bool],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.app_state = AppState(health=Health(engine_name="whisper"))
        self._on_change = on_change
        self._on_cancellable = on_cancellable
        self._may_be_shortcut = may_be_shortcut
        self._now = now
        self._started_at = self._state_set_at = 0.0
        self._idle = Notifier()

    @property
    def notes(self) -> Notes:
        """Why nothing is heard now; else what prevents a dictation; else why the engine does not run on the preferred
        device."""
        problem = self.app_state.state.problem if isinstance(self.app_state.state, Listening) else None
        if problem is not None:
            return (problem.message,)
        obstacle = self.obstacle
        return (obstacle,) if obstacle is not None else self.app_state.health.note

    @property
    def obstacle(self) -> Message | None:
        """That the hotkeys are paused; else what prevents a dictation. None while only the model is being loaded."""
        health = self.app_state.health
        if health.paused:
            return Message("keys-paused")
        return health.obstacle.message if health.obstacle is not None else None

    def status(self) -> dict[str, Any]:
        """Return the state for programs, as `intone status` prints it."""
        state, health, notes = state_name(self.app_state.state), self.app_state.health, self.notes
        return {
            "state": "starting" if state == "idle" and not health.engine_loaded else state,
            "ready": health.is_ready,
            "engine": health.engine_name,
            "model": health.model,
            "engine_title": engine_name(health.engine_name, health.model) if health.model else "",
            "device": health.device,
            "obstacle_message": _dump_notes((self.obstacle,) if self.obstacle is not None else ()),
            "note": render(notes),
            "note_message": _dump_notes(notes),
            "model_reason": render(health.model_reason) if health.model_reason is not None else "",
            "model_reason_message": dump_message(health.model_reason) if health.model_reason is not None else None,
            "hotkey": [health.hotkey.title, health.hotkey.remedy] if health.hotkey else [],
            "talk_key": health.talk_key,
            "input_method": health.input_method,
            "languages": list(spoken.languages) if isinstance(spoken := self.app_state.state, Listening) else [],
            "hotkey_message": dump_message(health.hotkey.message) if health.hotkey else None,
        }

    def set_state(self, state: DictationState) -> None:
        """Set the newest dictation's state."""
        is_cancellable = _is_cancellable(state)
        if is_cancellable != _is_cancellable(self.app_state.state):
            self._on_cancellable(is_cancellable)
        self.app_state = replace(self.app_state, state=state)
        self._state_set_at = self._now()
        if not self._is_dictating:
            self._idle.notify()
        if isinstance(state, Starting):
            self._started_at = self._state_set_at
        self._publish_unless_hidden()

    def _publish_unless_hidden(self) -> None:
        is_hidden = is_hidden_yet(self.app_state.state, self._now() - self._started_at)
        if not (self._may_be_shortcut() and is_hidden):
            self._on_change(self.app_state)

    def set_mutes(self, muted_in: tuple[str, ...], is_failing: bool) -> None:
        """Set where the user is muted for a dictation, which does not show one that is still hidden."""
        health = replace(self.app_state.health, muted_in=muted_in, is_mute_failing=is_failing)
        self.app_state = replace(self.app_state, health=health)
        self._publish_unless_hidden()

    async def wait_until_idle(self) -> None:
        """Wait until no dictation is running."""
        while self._is_dictating:
            await self._idle.wait()

    def show_problem(self, problem: UserError) -> None:
        """Show why a command did nothing, unless a dictation is running."""
        if not self._is_dictating:
            self.set_state(Failed(problem, has_recording=False))

    def show_languages(self, languages: tuple[str, ...]) -> None:
        """Show the languages of the next dictation, unless one is running."""
        if not self._is_dictating:
            self.set_state(LanguageSwitched(languages))

    def show_emotion_switch(self, on: bool) -> None:
        """Show that emotion detection was switched on or off, unless a dictation is running."""
        if not self._is_dictating:
            self.set_state(EmotionSwitched(on))

    async def show_settings_notice(self, notice: Message | None) -> None:
        """Show in the health what of the settings file is not in force; show it as a state once, when that begins.

        The state waits for the end of a dictation, for a failure that is shown until the next press, and as long as
        any other message stays.
        """
        known = self.app_state.health.settings_notice
        if notice != known:
            self.update_health(settings_notice=notice)
        if notice is None or known is not None:
            return
        while (remaining_s := self._remaining_display_s()) > 0:
            with anyio.move_on_after(remaining_s):
                await self._idle.wait()
        if (current := self.app_state.health.settings_notice) is not None:
            self.set_state(SettingsNotice(current))

    async def show_replacement(self, version: str) -> None:
        """Show in the health that `version` was installed beneath this one, and as a state once no other message
        stays. The same version again, or anew, is no news."""
        if version == desktop.__version__:
            self.update_health(installed_version=None)
            return
        self.update_health(installed_version=version)
        while (remaining_s := self._remaining_display_s()) > 0:
            with anyio.move_on_after(remaining_s):
                await self._idle.wait()
        if self.app_state.health.installed_version == version:
            self.set_state(ReplacementNotice(version))

    def offer_suggestion(self, suggestion: Suggestion) -> bool:
        """Ask whether to learn `suggestion`; return False, without asking, during a dictation or while an error is
        shown."""
        if self._is_dictating or isinstance(self.app_state.state, Failed):
            return False
        self.set_state(CorrectionOffered(*suggestion))
        return True

    async def offer_call_mute(self, program: str) -> bool:
        """Offer to mute the user in `program`, once no other message stays; return False, without it, where a dictation
        began meanwhile or an error is shown."""
        while (remaining_s := self._remaining_display_s()) > 0:
            if math.isinf(remaining_s):
                return False
            with anyio.move_on_after(remaining_s):
                await self._idle.wait()
        self.set_state(CallMuteOffered(program))
        return True

    def _remaining_display_s(self) -> float:
        """Return the seconds for which a settings notice must not replace the state; infinite if another state must
        follow first."""
        if self._is_dictating or isinstance(self.app_state.state, Failed):
            return math.inf
        if isinstance(self.app_state.state, Idle | SettingsNotice | ReplacementNotice):
            return 0.0
        return self._state_set_at + MESSAGE_DISPLAY_S - self._now()

    @property
    def idle_s(self) -> float:
        """Return the seconds since the state last changed."""
        return self._now() - self._state_set_at

    @property
    def _is_dictating(self) -> bool:
        state = self.app_state.state
        is_running = isinstance(state, Starting | Listening | Transcribing | Polishing | Pasting)
        return is_running or is_between_paragraphs(state)

    def update_health(self, **changes: Any) -> None:
        """Set fields of `Health`."""
        self.app_state = replace(self.app_state, health=replace(self.app_state.health, **changes))
        self._on_change(self.app_state)

    def update_engine(self, status: EngineStatus) -> None:
        """Set the engine's status."""
        self.update_health(
            engine=status.problem,
            engine_loaded=status.loaded,
            progress=status.progress,
            engine_name=status.engine,
            model=status.model,
            device=status.device,
            note=status.note,
            model_reason=status.reason,
        )


def _dump_notes(notes: Notes) -> dict[str, Any] | None:
    return dump_message(Message("reported-messages", messages=notes)) if notes else None


def _is_cancellable(state: DictationState) -> bool:
    is_cancellable = isinstance(state, Starting | Listening | Transcribing | Polishing | CorrectionChoice)
    return is_cancellable or is_between_paragraphs(state)
