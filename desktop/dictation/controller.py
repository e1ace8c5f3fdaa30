"""Run dictation sessions: start one per key press, apply intents to it, and show the state of the newest.

A resumed dictation may start while another is being spoken. The key does not control it, and because it waits for its
turn it is not shown before the other one has ended. Esc cancels the session that is shown. The flow itself, from the
key press to the history, is in `desktop.dictation.session`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import anyio

from desktop.audio.file import ReplayMicrophone
from desktop.audio.spool_file import SpoolFile
from desktop.core.errors import UserError
from desktop.core.interfaces import PasterCapability
from desktop.core.messages import Message
from desktop.core.state import CorrectionChoice, DictationState, Done, Failed, Idle
from desktop.core.tasks import Notifier
from desktop.core.types import Audio, Outcome, PasteResult, Target
from desktop.dictation.dependencies import MissingEditor, SessionDependencies, SpokenRequest, discard_unkept
from desktop.dictation.result import EDIT_STYLE, INTERNAL_ERROR
from desktop.dictation.session import DictationSession
from desktop.dictation.target import mark_password_prompt
from desktop.history.rows import HistoryEntry
from desktop.hotkeys.gesture import DictationIntent

if TYPE_CHECKING:
    from desktop.dictation.hands_free import HandsFreeSessions
    from desktop.dictation.spoken_answer import OpenQuestion

logger = logging.getLogger(__name__)


GONE_OUTCOMES = (Outcome.CANCELLED, Outcome.REMOVED, Outcome.COPIED)
"""Outcomes of an undo or a swap after which the text is in its window no more, nor another one."""


class DictationController:
    """Turns intents into dictation sessions and shows the state of the newest one."""

    def __init__(
        self,
        dependencies: SessionDependencies,
        on_state: Callable[[DictationState], None],
        on_auto_stop: Callable[[float], None],
    ) -> None:
        """`on_auto_stop` is called with the time of the key press when a recording ends without a key release: the
        microphone was lost, or the maximum duration was reached."""
        self.dependencies = dependencies
        self._on_auto_stop = on_auto_stop
        self._on_state = on_state
        self._last_state: DictationState = Idle()
        self._newest_session: DictationSession | None = None
        self._recording_session: DictationSession | None = None
        self._visible_session: DictationSession | None = None
        self._states: dict[DictationSession, DictationState] = {}
        self._session_count = 0
        self._unfinished_sessions: list[DictationSession] = []
        self._session_ended = Notifier()
        self._resumed: tuple[datetime | None, anyio.Event] = (None, anyio.Event())
        self._hands_free: HandsFreeSessions | None = None
        self._asked: OpenQuestion | None = None

    async def run(self, intents: AsyncIterable[tuple[DictationIntent, float]]) -> None:
        """Handle intents until `intents` ends. Each comes with the `time.monotonic()` of its key event.

        One that fails is shown as failed, and ends no session that runs.
        """
        async with anyio.create_task_group() as self._tasks:
            async for intent, event_at in intents:
                try:
                    self._handle(intent, event_at)
                except UserError as problem:
                    logger.warning("%s", problem)
                    self._show_failure(problem)
                except Exception:  # one press must not end the dictations before it
                    logger.exception("a key press could not be handled")
                    self._show_failure(INTERNAL_ERROR)

    def _handle(self, intent: DictationIntent, event_at: float) -> None:
        if self._hands_free is not None:
            self._hands_free.on_intent(intent, event_at)
        match intent:
            case DictationIntent.BEGIN:
                self._listen_by(self._begin_dictation, event_at)
            case DictationIntent.EDIT:
                self._listen_by(lambda at: self._begin_edit(self._listen(at), at), event_at)
            case DictationIntent.AGAIN:
                self._listen_by(self._begin_correction, event_at)
            case DictationIntent.CANCEL if isinstance(self._last_state, CorrectionChoice):
                self._last_state = Idle()
                self._on_state(self._last_state)
            case DictationIntent.CANCEL:
                if self._front_session is not None:
                    self._front_session.cancel()
            case _ if self._recording_session is None:
                pass
            case DictationIntent.LOCK:
                self._recording_session.lock()
            case DictationIntent.END:
                self._recording_session.end(event_at)
            case DictationIntent.SEND:
                self._recording_session.end(event_at, press_enter=True)
            case DictationIntent.SHORTCUT | DictationIntent.DISCARD:
                self._tasks.start_soon(partial(self._recording_session.discard, ends=intent is DictationIntent.DISCARD))

    def _listen_by(self, begin: Callable[[float], DictationSession], pressed_at: float) -> None:
        """Begin the session that the keys control from now on; none if that fails."""
        self._recording_session = None
        try:
            self._recording_session = self._visible_session = begin(pressed_at)
        except Exception:
            self._on_auto_stop(pressed_at)  # the key, still down, means nothing any more
            raise

    def _show_failure(self, problem: UserError) -> None:
        """Show why a press did nothing, until a session that runs shows its next state."""
        self._last_state = Failed(problem, has_recording=False)
        self._on_state(self._last_state)

    def resume(
        self,
        audio: Audio,
        record_entry: Callable[[HistoryEntry, SpoolFile], int],
        style: str = "",
        started_at: datetime | None = None,
    ) -> None:
        """Resume a cancelled or failed dictation as if its recording had just been spoken; as an edit if its row has
        that `style`. `started_at` is when it was spoken. Does nothing if that dictation is being resumed already."""
        resumed_start, recorded = self._resumed
        if started_at is not None and started_at == resumed_start and not recorded.is_set():
            return
        dependencies = replace(
            self.dependencies,
            microphone=ReplayMicrophone(audio),
            record_entry=record_entry,
            is_kept=lambda target: True,
            is_resumed=True,
            languages=None,  # the layout now is not that of the press
            on_pasted=self._note_paste,
        )
        if started_at is not None:
            dependencies = replace(dependencies, spool=dependencies.spool.resume(started_at))
        session = self._begin_edit(dependencies) if style == EDIT_STYLE else self._begin_session(dependencies)
        self._resumed = started_at, session.recorded
        session.end(time.monotonic())

    @property
    def is_busy(self) -> bool:
        """Whether a session runs, also one that is not shown."""
        return bool(self._unfinished_sessions)

    async def wait_until_idle(self) -> None:
        """Wait until no session runs, also none that is not shown."""
        while self.is_busy:
            await self._session_ended.wait()

    def on_user_left(self) -> None:
        """Insert nothing of what was spoken until now: the user has left the computer."""
        for session in self._unfinished_sessions:
            session.on_user_left()

    async def wait_until_recorded(self, *, include_cancelled: bool = False) -> bool:
        """Wait until the history has every dictation whose text was delivered or is being pasted; return whether one
        had to be waited for. Text is pasted before it is recorded, so that the paste does not wait for the disk. With
        `include_cancelled`, also wait for sessions cancelled behind one that is not delivered yet."""
        has_waited = False
        for session in list(self._unfinished_sessions):
            if session.is_delivered and not session.recorded.is_set():
                has_waited = True
                await session.recorded.wait()
            elif not (session.is_delivered or include_cancelled):
                break
        return has_waited

    async def paste(self, text: str, is_kept: bool = True) -> PasteResult:
        """Paste `text` into the focused window and show the outcome; `is_kept`: the history has it."""
        paster = self.dependencies.paster
        target = mark_password_prompt(await paster.find_target())
        result = await paster.paste(text, target, _ignore_sent)
        self._note_paste(result, target)
        result = result if is_kept else result.without_kept_claims()
        self._on_state(Done(result.outcome, text, result.notes))
        return result

    async def undo_last(self, texts: tuple[str, ...] = (), is_kept: bool = True) -> PasteResult:
        """Remove the last inserted text and insert the other one of `texts` in its place; see `Paster.undo_paste`.
        `is_kept`: the history has them."""
        paster = self.dependencies.paster
        if PasterCapability.UNDO not in paster.capabilities:
            return PasteResult(Outcome.REFUSED, (Message("insertion-unseen"), Message("nothing-changed")))
        result = await self.replace_last(texts, _ignore_sent)
        result = result if is_kept else result.without_kept_claims()
        undone = result.outcome is Outcome.CANCELLED
        if result.notes or not undone:  # the user sees that the text is gone
            self._on_state(Done(Outcome.SILENT if undone else result.outcome, notes=result.notes))
        return result

    def _note_paste(self, result: PasteResult, target: Target) -> None:
        """Note a text that "send it" may mean, and that an undo takes out, though it was not dictated hands-free."""
        if self._hands_free is not None and result.outcome in (Outcome.INSERTED, Outcome.UNCONFIRMED):
            self._hands_free.note_paste(result, target)

    async def replace_last(self, texts: tuple[str, ...], on_sent: Callable[[], None]) -> PasteResult:
        """Do what `Paster.undo_paste` does, and show nothing."""
        result = await self.dependencies.paster.undo_paste(texts, on_sent)
        if self._hands_free is not None and result.outcome in GONE_OUTCOMES:
            self._hands_free.note_undo()
        return result

    async def answer_choice(self, places: tuple[int, ...]) -> PasteResult:
        """Correct the last text at these of the places that the user is asked about, empty for all."""
        question, start = self._last_state, self.dependencies.start_correction
        if not isinstance(question, CorrectionChoice) or start is None:
            return PasteResult(Outcome.REFUSED, (Message("correction-unasked"),))
        correction = start(self.wait_until_recorded, question)
        polished = await correction.choose(places or tuple(range(len(question.choices))))
        if polished.refusal:
            return PasteResult(Outcome.REFUSED, polished.refusal)
        result = await correction.replace_text(polished.text, Target(), _ignore_sent)
        self._last_state = correction.adjust_state(Done(result.outcome, polished.text, result.notes))
        self._on_state(self._last_state)
        return result

    @contextmanager
    def answer_next(self, question: OpenQuestion) -> Iterator[None]:
        """Give the text of dictations that answer `question` inside this context to its program, not to a window."""
        self._asked = question
        try:
            yield
        finally:
            self._asked = None

    def _begin_dictation(self, pressed_at: float) -> DictationSession:
        """Start a session for the talk key: a dictation, or the answer that a program has asked for."""
        if self._asked is not None and self._asked.is_answered_by(pressed_at):
            from desktop.dictation.spoken_answer import SpokenAnswer  # not loaded before a program asks

            answer = SpokenAnswer(self.dependencies.polisher, self._asked)
            return self._begin_session(answer.apply_to(self._listen(pressed_at)), pressed_at, answer)
        hands_free = self._find_hands_free()
        return hands_free.begin(pressed_at) if hands_free else self._begin_session(self.dependencies, pressed_at)

    def _listen(self, pressed_at: float) -> SessionDependencies:
        """Return the dependencies of a session that may end by silence, where the settings want that."""
        hands_free = self._find_hands_free()
        return hands_free.listen(pressed_at) if hands_free else self.dependencies

    def _find_hands_free(self) -> HandsFreeSessions | None:
        """Return what runs hands-free dictations, if the settings want them."""
        if not self.dependencies.end_silence_s:
            return None
        if self._hands_free is None:
            from desktop.dictation.hands_free import HandsFreeSessions  # not loaded before the settings want it

            self._hands_free = HandsFreeSessions(
                lambda: self.dependencies,
                self._begin_session,
                self._on_paragraph,
                self._show_between,
                self._on_auto_stop,
                lambda work: self._tasks.start_soon(work),
            )
        return self._hands_free

    def _on_paragraph(self, session: DictationSession) -> None:
        self._recording_session = self._visible_session = session

    def _show_between(self, find_state: Callable[[DictationState], DictationState | None]) -> None:
        """Show what `find_state` returns for what is shown now: a state between two sessions; nothing for None."""
        state = find_state(self._last_state)
        if state is not None and state != self._last_state:
            self._last_state = state
            self._on_state(state)

    def _begin_session(
        self,
        dependencies: SessionDependencies,
        pressed_at: float = 0.0,
        request: SpokenRequest | None = None,
        adjust_state: Callable[[DictationState], DictationState] = lambda state: state,
        on_auto_stop: Callable[[float], None] | None = None,
    ) -> DictationSession:
        self._session_count += 1
        self._newest_session = DictationSession(
            dependencies,
            self._unfinished_sessions,
            self._session_count,
            lambda state, session: self._show_state(adjust_state(state), session),
            on_auto_stop or self._on_auto_stop,
            request,
            pressed_at,
        )
        self._unfinished_sessions.append(self._newest_session)
        self._tasks.start_soon(self._run_session, self._newest_session)
        return self._newest_session

    def _begin_edit(self, dependencies: SessionDependencies, pressed_at: float = 0.0) -> DictationSession:
        """Start a session whose words are an instruction for the selected text.

        They are not shown in the field, no emotion is detected in them, and no correction of the text is learned from.
        """
        dependencies = replace(dependencies, scratch=None, is_live=False, on_pasted=self._note_paste)
        if dependencies.start_edit is None:
            return self._begin_session(replace(dependencies, polisher=MissingEditor()), pressed_at)
        edit = dependencies.start_edit()

        def record_entry(entry: HistoryEntry, spool_file: SpoolFile) -> int:
            return dependencies.record_entry(replace(entry, style=EDIT_STYLE), spool_file)

        def record_unkept(entry: HistoryEntry, spool_file: SpoolFile) -> int:
            return dependencies.record_unkept(replace(entry, style=EDIT_STYLE), spool_file)

        return self._begin_session(
            replace(
                dependencies,
                polisher=edit,
                emotion_detector=None,
                record_entry=record_entry,
                record_unkept=record_unkept,
                on_inserted=lambda polished, raw_text, target: None,
            ),
            pressed_at,
            edit,
        )

    def _begin_correction(self, pressed_at: float = 0.0) -> DictationSession:
        """Start a session whose words are said again, and replace what sounds like them in the last text.

        It makes no row of its own and keeps no recording: what comes of it is in the row of that text.
        """
        dependencies = self._listen(pressed_at)
        if dependencies.start_correction is None:
            return self._begin_session(dependencies, pressed_at)
        earlier = list(self._unfinished_sessions)

        async def wait_for_earlier() -> None:
            for session in earlier:
                await session.recorded.wait()

        correction = dependencies.start_correction(wait_for_earlier, self._last_state)
        return self._begin_session(
            replace(
                dependencies,
                recognizer=correction.listen(dependencies.recognizer),
                languages=dependencies.languages and correction.listen_in(dependencies.languages),
                polisher=correction,
                emotion_detector=None,
                record_entry=discard_unkept,
                record_unkept=discard_unkept,
                is_kept=lambda target: False,
                on_inserted=lambda polished, raw_text, target: None,
                scratch=None,
                is_live=False,
            ),
            pressed_at,
            correction,
            correction.adjust_state,
        )

    async def _run_session(self, session: DictationSession) -> None:
        try:
            await session.run()
        except Exception:  # one failed session must not end the others
            logger.exception("a dictation ended badly")
        finally:
            self._unfinished_sessions.remove(session)
            self._session_ended.notify()
            self._drop_session(session)

    def _drop_session(self, session: DictationSession) -> None:
        """Drop an ended session, which may hold its whole recording in memory. Before it, the newest session that can
        still be cancelled becomes the newest again; after an accidental press it is also shown again, so that Esc can
        cancel it."""
        previous = next((other for other in reversed(self._unfinished_sessions) if not other.turn_ended.is_set()), None)
        if session is self._newest_session:
            self._newest_session = previous or (self._unfinished_sessions[-1] if self._unfinished_sessions else None)
        if session is self._recording_session:
            self._recording_session = None
        last_state = self._states.pop(session, None)
        if session is self._visible_session:
            self._visible_session = None
            if isinstance(last_state, Idle) and previous in self._states:
                self._show_state(self._states[previous], previous)

    @property
    def _front_session(self) -> DictationSession | None:
        """Return the session whose states are shown: the newest, once the turn of the visible one has ended."""
        visible = self._visible_session
        return self._newest_session if visible is None or visible.turn_ended.is_set() else visible

    def _show_state(self, state: DictationState, session: DictationSession) -> bool:
        """Show `state` if it is new and `session` is the front session; return whether that session is visible."""
        self._states[session] = state
        if session is self._front_session:
            self._visible_session = session
        is_visible = session is self._visible_session
        if is_visible and state != self._last_state:
            self._last_state = state
            self._on_state(state)
        return is_visible


def _ignore_sent() -> None:
    """Do nothing: a sent text has not arrived yet."""
