"""Run a hands-free dictation: one that ends by silence, or goes on paragraph by paragraph, each a session of its own.

Everything is as in any dictation but where its sound comes from (`desktop.dictation.paragraphs`), and that a few words
said alone are commands. With the key held nothing ends and nothing is listened for: the sound only passes through here.
`DictationController` makes one for each key press where the settings want it, and tells it the intents.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from desktop.audio.levels import compute_level
from desktop.core.messages import Message, join_notes
from desktop.core.state import DictationState, Done, Failed, Idle, Listening, Starting
from desktop.core.types import RATE_HZ, Frame, Outcome, PasteResult, Target, Transcript
from desktop.dictation.command_language import CommandLanguage
from desktop.dictation.dependencies import SessionDependencies, SpokenAction, SpokenRequest
from desktop.dictation.paragraphs import LONG_SILENCE_S, Paragraph, ParagraphMicrophone
from desktop.dictation.session import DictationSession
from desktop.dictation.spoken_commands import LISTENING_STOPPED, SpokenCommand, SpokenReturn, find_spoken_command
from desktop.hotkeys.gesture import DictationIntent

logger = logging.getLogger(__name__)

type BeginSession = Callable[
    [
        SessionDependencies,
        float,
        SpokenRequest | None,
        Callable[[DictationState], DictationState],
        Callable[[float], None],
    ],
    DictationSession,
]
"""Begins a session with these dependencies, at a key press, what its words are about, what adjusts its states, and what
is called when it ends by itself; as `DictationController` does."""

GLANCE_S, READ_S = 1.0, 8.0
"""Seconds for which an outcome stays before it is shown again that the app listens: one that is as expected, and one
that has something to read. Speech ends both."""

ENDING_OUTCOMES = frozenset({Outcome.REFUSED, Outcome.FAILED, Outcome.CANCELLED, Outcome.COPIED})
"""Outcomes after which the app listens no more: what is said next would meet the same, and be read by no user; or take
the place of the text that waits on the clipboard."""

WORDLESS_CODES = frozenset({"recognizer-without-words", "unnamed-recognizer-without-words"})
"""Failures that end nothing the first time: a laugh is a voice without words, too."""


class HandsFreeDictation:
    """The dictation of the key press at `pressed_at`, of which each paragraph is a session.

    `begin_paragraph(paragraph, self)` begins each but the first; `show` shows a state between two; `on_end(self)` is
    called once when no more is heard. `ended_by_user`: the key has ended it, or Esc.
    """

    def __init__(
        self,
        dependencies: SessionDependencies,
        spoken_return: SpokenReturn,
        pressed_at: float,
        *,
        may_continue: bool,
        begin_paragraph: Callable[[Paragraph, HandsFreeDictation], None],
        show: Callable[[DictationState], None],
        on_end: Callable[[HandsFreeDictation], None],
    ) -> None:
        self.microphone = ParagraphMicrophone(
            dependencies.microphone,
            dependencies.end_silence_s,
            dependencies.max_duration_s,
            is_continuous=may_continue and dependencies.is_continuous,
            on_paragraph=self._begin_paragraph,
            on_silent_frame=self._on_silent_frame,
        )
        self.pressed_at = pressed_at
        self.ended_by_user = False
        self._spoken_return = spoken_return
        self._language = CommandLanguage()
        self._continue = begin_paragraph
        self._show = show
        self._on_end = on_end
        self._listening = Listening(is_locked=True, goes_on=True)
        self._is_working = True
        self._hold_s = 0.0
        self._is_waiting_shown = False
        self._was_wordless = False
        self._is_told_to_stop = False
        self._sessions = list[DictationSession]()

    async def run(self) -> None:
        """Listen until the key, Esc, a command, a failure or a long silence ends it. Never raises."""
        try:
            await self.microphone.run()
        except Exception:  # the sessions end with the sound that there was
            logger.exception("a hands-free dictation ended badly")
        finally:
            self._on_end(self)

    def on_intent(self, intent: DictationIntent, at: float) -> None:
        """Handle what the user does, before the session that records does."""
        match intent:
            case DictationIntent.LOCK:
                self.microphone.lock()
            case DictationIntent.BEGIN | DictationIntent.EDIT | DictationIntent.AGAIN:
                self.microphone.stop(at)
            case DictationIntent.END | DictationIntent.SEND:
                self.ended_by_user = True
                self.microphone.stop(at)
            case DictationIntent.CANCEL:
                self.ended_by_user = True
                self.microphone.cancel()

    def adapt_dependencies(self, dependencies: SessionDependencies, paragraph: Paragraph) -> SessionDependencies:
        """Return `dependencies` for the session that hears `paragraph`."""
        return replace(
            dependencies if paragraph.is_part else self._language.adapt_dependencies(dependencies),
            microphone=paragraph,
            wait_until_wanted=partial(_wait_until_understood, tuple(self._sessions)),
            find_command=partial(self._find_command, paragraph),
            on_pasted=self._spoken_return.note_paste,
            scratch=None if paragraph.is_part else dependencies.scratch,
        )

    def add_session(self, session: DictationSession) -> None:
        """Add the session of the next paragraph."""
        self._sessions = [*self._find_open_sessions(), session]

    def goes_on_after(self, paragraph: Paragraph) -> bool:
        """Return whether it listens for another paragraph once this one has ended."""
        return self.microphone.goes_on and paragraph.has_paused

    def adjust_state(self, paragraph: Paragraph, state: DictationState) -> DictationState:
        """Return what is to be shown for the `state` of the session of `paragraph`, and end it after a failure, or a
        noise as long as a dictation may be.

        After an outcome it listens on; that a paragraph held no words is not shown.
        """
        is_between = self.microphone.is_between
        self._is_working = not isinstance(state, Done | Failed | Idle)
        if isinstance(state, Failed) and state.problem.code in WORDLESS_CODES and not self._was_wordless:
            self._was_wordless = True
            if self.microphone.goes_on and is_between:
                self._hold_s, self._is_waiting_shown = READ_S, True
                return Done(Outcome.FAILED, notes=(state.problem.message,), goes_on=True)
            return state
        if isinstance(state, Failed) or (isinstance(state, Done) and state.outcome in ENDING_OUTCOMES):
            self.microphone.finish()
            return state
        self._was_wordless = self._was_wordless and not isinstance(state, Done)
        if isinstance(state, Done) and state.outcome is Outcome.SILENT and paragraph.is_part:
            self.microphone.finish()
        is_on = self.microphone.goes_on
        match state:
            case Idle() if self._is_told_to_stop:
                return Done(Outcome.SILENT, notes=(LISTENING_STOPPED,))
            case Done() if self.microphone.problem is not None and paragraph.has_paused:  # lost since
                lost = Message("problem-title", problem=self.microphone.problem.message)
                return replace(state, notes=join_notes(state.notes, (lost,)))
            case Listening(is_locked=True) if is_on:
                self._listening = replace(state, goes_on=True, remaining_s=None)
                return self._listening
            case Starting() if is_on and self.microphone.is_after_pause:
                return self._describe_waiting(0.0)
            case Done(Outcome.SILENT, notes=()) if is_on and is_between:
                self._hold_s, self._is_waiting_shown = 0.0, True
                return self._describe_waiting(0.0)
            case Done() if is_on and is_between:
                is_as_expected = state.outcome in (Outcome.INSERTED, Outcome.UNCONFIRMED) and not state.notes
                self._hold_s, self._is_waiting_shown = GLANCE_S if is_as_expected else READ_S, True
                return replace(state, goes_on=True)
        return state

    def describe_end(self, last: DictationState) -> DictationState | None:
        """Return what is to be shown in place of `last`, if that says that it still listens; None otherwise."""
        if not isinstance(last, Done | Listening) or not last.goes_on or not self._is_waiting_shown:
            return None
        if self.microphone.problem is not None:
            return Failed(self.microphone.problem, has_recording=False)
        if self.microphone.was_silent_long:
            minutes = f"{LONG_SILENCE_S / 60:.0f}"
            return Done(Outcome.SILENT, notes=(Message("listening-ended-by-silence", minutes=minutes),))
        return replace(last, goes_on=False) if isinstance(last, Done) else Idle()

    def _begin_paragraph(self, paragraph: Paragraph) -> None:
        self._is_working = True
        self._continue(paragraph, self)
        self._is_waiting_shown = False

    def _on_silent_frame(self, frame: Frame) -> None:
        """Show that it listens, once the last outcome was seen."""
        self._hold_s -= len(frame) / RATE_HZ
        if not self._is_working and self._hold_s <= 0:
            self._is_waiting_shown = True
            self._show(self._describe_waiting(compute_level(frame)))

    def _describe_waiting(self, level: float) -> Listening:
        recording = self.microphone.recording
        problem = recording.problem if recording is not None else None
        return replace(self._listening, transcript=Transcript(), level=level, remaining_s=None, problem=problem)

    def _find_open_sessions(self) -> list[DictationSession]:
        """Return the sessions of which it is not known yet whether their words are a command, in their order."""
        return [session for session in self._sessions if not session.understood.is_set()]

    def _find_command(self, paragraph: Paragraph, text: str) -> SpokenAction | PasteResult | None:
        """Return what `text` asks for, if it is a command that means something here, and all of what was said: a
        sentence that a failure cut off is none. Listening ends at once where it is to."""
        if paragraph.is_part or not (paragraph.has_paused or self.ended_by_user):
            return None
        match find_spoken_command(text):
            case SpokenCommand.SEND:
                return self._spoken_return.press
            case SpokenCommand.STOP if self.microphone.is_continuous:
                return self._stop_listening()
        return None

    def _stop_listening(self) -> PasteResult:
        """Close the microphone, and drop what was heard after the command, of which nothing is recognized yet."""
        self._is_told_to_stop = True
        self.microphone.cancel()
        for later in self._find_open_sessions()[1:]:
            later.drop()
        return PasteResult(Outcome.SILENT, (LISTENING_STOPPED,))


async def _wait_until_understood(sessions: Sequence[DictationSession]) -> None:
    for session in sessions:
        await session.understood.wait()


class HandsFreeSessions:
    """Begins the dictations of a controller whose settings want them hands-free, and tells them what the user does.

    `get_dependencies` returns those in force; `begin_session` begins a session, `on_paragraph` is called with each that
    no key has begun; `show_between(find_state)` shows a state between two; `on_auto_stop` is called with the time of
    the key press when one ends by itself.
    """

    def __init__(
        self,
        get_dependencies: Callable[[], SessionDependencies],
        begin_session: BeginSession,
        on_paragraph: Callable[[DictationSession], None],
        show_between: Callable[[Callable[[DictationState], DictationState | None]], None],
        on_auto_stop: Callable[[float], None],
        start_soon: Callable[[Callable[[], Coroutine[Any, Any, None]]], object],
    ) -> None:
        self._get_dependencies = get_dependencies
        self._begin_session = begin_session
        self._on_paragraph = on_paragraph
        self._show_between = show_between
        self._on_auto_stop = on_auto_stop
        self._start_soon = start_soon
        self._spoken_return = SpokenReturn(lambda: get_dependencies().paster)
        self._current: HandsFreeDictation | None = None

    def note_paste(self, result: PasteResult, target: Target) -> None:
        """Note what became of a text for `target` that no dictation here has pasted."""
        self._spoken_return.note_paste(result, target)

    def note_undo(self) -> None:
        """Note that the last text was removed from its window."""
        self._spoken_return.note_undo()

    def on_intent(self, intent: DictationIntent, at: float) -> None:
        """Tell the dictation that listens, if one does."""
        if self._current is not None:
            self._current.on_intent(intent, at)

    def begin(self, pressed_at: float) -> DictationSession:
        """Begin one at a key press, which may go on paragraph by paragraph."""
        opened = self._open(pressed_at, may_continue=True)
        return self._begin_paragraph(opened.microphone.first, opened, pressed_at)

    def listen(self, pressed_at: float) -> SessionDependencies:
        """Return the dependencies of a session that ends with the first pause: its words are not for the window."""
        return replace(self._get_dependencies(), microphone=self._open(pressed_at, may_continue=False).microphone.first)

    def _open(self, pressed_at: float, *, may_continue: bool) -> HandsFreeDictation:
        opened = self._current = HandsFreeDictation(
            self._get_dependencies(),
            self._spoken_return,
            pressed_at,
            may_continue=may_continue,
            begin_paragraph=self._continue,
            show=lambda state: self._show_between(lambda last: state),
            on_end=self._on_end,
        )
        self._start_soon(opened.run)
        return opened

    def _begin_paragraph(
        self, paragraph: Paragraph, dictation: HandsFreeDictation, pressed_at: float = 0.0
    ) -> DictationSession:
        def on_auto_stop(_: float) -> None:
            if not dictation.goes_on_after(paragraph):
                self._on_auto_stop(dictation.pressed_at)

        dependencies = dictation.adapt_dependencies(self._get_dependencies(), paragraph)
        session = self._begin_session(
            dependencies, pressed_at, None, partial(dictation.adjust_state, paragraph), on_auto_stop
        )
        dictation.add_session(session)
        return session

    def _continue(self, paragraph: Paragraph, dictation: HandsFreeDictation) -> None:
        session = self._begin_paragraph(paragraph, dictation)
        session.lock()
        if dictation is self._current:  # else the key has begun another one since
            self._on_paragraph(session)

    def _on_end(self, dictation: HandsFreeDictation) -> None:
        if dictation is self._current:
            self._current = None
        self._show_between(dictation.describe_end)
        if not dictation.ended_by_user:
            self._on_auto_stop(dictation.pressed_at)
