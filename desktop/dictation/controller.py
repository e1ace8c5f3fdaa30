"""Run dictation sessions: start one per key press, apply intents to it, and show the state of the newest.

A resumed dictation may start while another is being spoken. The key does not control it, and because it waits for its
turn it is not shown before the other one has ended. Esc cancels the session that is shown. The flow itself, from the
key press to the history, is in `dictation.session`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterable, Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

import anyio

from desktop.audio.file import Replay
from desktop.audio.take import Take
from desktop.core.errors import Problem
from desktop.core.interfaces import TakesBack
from desktop.core.state import Done, Idle, State
from desktop.core.types import Audio, Delivery, Outcome
from desktop.dictation.dependencies import Parts, Said, Turn, Write
from desktop.dictation.result import EDIT, Ending
from desktop.dictation.scratching import write_or_scratch
from desktop.dictation.session import Utterance
from desktop.history.row import Entry
from desktop.hotkeys.gesture import Intent

logger = logging.getLogger(__name__)


class Dictation:
    """Turns intents into dictation sessions and shows the state of the newest one."""

    def __init__(self, parts: Parts, show: Callable[[State], None], over: Callable[[float], None]) -> None:
        """`on_auto_stop` is called with the time of the key press when a recording ends without a key release: the
        microphone was lost, or the maximum duration was reached."""
        self.parts = parts
        self.over = over
        self._show = show
        self._shown: State = Idle()
        self._newest: Utterance | None = None
        self._spoken: Utterance | None = None
        self._seen: Utterance | None = None
        self._told: dict[Utterance, State] = {}
        self._count = 0
        self._unfinished: list[Utterance] = []
        self._again: tuple[datetime | None, anyio.Event] = (None, anyio.Event())

    async def run(self, intents: AsyncIterable[tuple[Intent, float]]) -> None:
        """Handle intents until `intents` ends. Each comes with the `time.monotonic()` of its key event."""
        async with anyio.create_task_group() as self._tasks:
            async for intent, at in intents:
                match intent:
                    case Intent.BEGIN:
                        self._spoken = self._seen = self._begin(self.parts, pressed_at=at)
                    case Intent.EDIT:
                        self._spoken = self._seen = self._edit(self.parts, at)
                    case Intent.CANCEL:
                        if self._front is not None:
                            self._front.cancel()
                    case _ if self._spoken is None:
                        pass
                    case Intent.LOCK:
                        self._spoken.lock()
                    case Intent.END:
                        self._spoken.end(at)
                    case Intent.SEND:
                        self._spoken.end(at, enter=True)
                    case Intent.SHORTCUT | Intent.DISCARD:
                        self._tasks.start_soon(partial(self._spoken.discard, ends=intent is Intent.DISCARD))

    def again(
        self, audio: Audio, remember: Callable[[Entry, Take], int], style: str = "", began: datetime | None = None
    ) -> None:
        """Resume a cancelled or failed dictation as if its recording had just been spoken; as an edit if its row has
        that `style`. `started_at` is when it was spoken. Does nothing if that dictation is being resumed already."""
        at, remembered = self._again
        if began is not None and began == at and not remembered.is_set():
            return
        parts = replace(self.parts, microphone=Replay(audio), remember=remember, keeps=lambda target: True, again=True)
        if began is not None:
            parts = replace(parts, spool=parts.spool.of(began))
        utterance = self._edit(parts) if style == EDIT else self._begin(parts)
        self._again = began, utterance.remembered
        utterance.end(time.monotonic())

    def _begin(self, parts: Parts, write: Write = write_or_scratch, pressed_at: float = 0.0) -> Utterance:
        self._count += 1
        self._newest = Utterance(parts, self._unfinished, self._count, self._draw, self.over, write, pressed_at)
        self._unfinished.append(self._newest)
        self._tasks.start_soon(self._live, self._newest)
        return self._newest

    async def _live(self, utterance: Utterance) -> None:
        try:
            await utterance.run()
        except Exception:  # one failed session must not end the others
            logger.exception("a dictation ended badly")
        finally:
            self._unfinished.remove(utterance)
            self._let_go(utterance)

    def _let_go(self, utterance: Utterance) -> None:
        """Drop an ended session, which may hold its whole recording in memory. Before it, the newest session that can
        still be cancelled becomes the newest again; after an accidental press it is also shown again, so that Esc can
        cancel it."""
        behind = next((one for one in reversed(self._unfinished) if not one.turn_over.is_set()), None)
        if utterance is self._newest:
            self._newest = behind or (self._unfinished[-1] if self._unfinished else None)
        if utterance is self._spoken:
            self._spoken = None
        last = self._told.pop(utterance, None)
        if utterance is self._seen:
            self._seen = None
            if isinstance(last, Idle) and behind in self._told:
                self._draw(self._told[behind], behind)

    def leave(self) -> None:
        """Insert nothing of what was spoken until now: the user has left the computer."""
        for utterance in self._unfinished:
            utterance.leave()

    async def remembered(self, *, cancelled: bool = False) -> None:
        """Wait until the history has every dictation whose text was delivered or is being pasted. Text is pasted before
        it is recorded, so that the paste does not wait for the disk. With `include_cancelled`, also wait for sessions
        cancelled behind one that is not delivered yet."""
        for utterance in list(self._unfinished):
            if utterance.delivered:
                await utterance.remembered.wait()
            elif not cancelled:
                break

    def _edit(self, parts: Parts, pressed_at: float = 0.0) -> Utterance:
        """Start a session whose words are an instruction for the selected text. No emotion is detected in it."""
        if parts.edit is None:
            return self._begin(parts, _unedited, pressed_at)
        edit = parts.edit()

        def remember(entry: Entry, take: Take) -> int:
            return parts.remember(replace(entry, style=EDIT), take)

        return self._begin(replace(parts, polisher=edit, feeler=None, remember=remember), edit.write, pressed_at)

    async def paste(self, text: str) -> Delivery:
        """Paste `text` into the focused window and show the outcome."""
        paster = self.parts.paster
        delivery = await paster.paste(text, await paster.target(), _sent)
        self._show(Done(delivery.outcome, text, delivery.note))
        return delivery

    async def take_back(self, texts: tuple[str, ...] = ()) -> Delivery:
        """Remove the last inserted text and insert the other one of `texts` in its place; see `TakesBack`."""
        paster = self.parts.paster
        if not isinstance(paster, TakesBack):
            return Delivery(Outcome.REFUSED, "Here Intone cannot see what it inserted. Nothing was changed.")
        delivery = await paster.take_back(texts, _sent)
        undone = delivery.outcome is Outcome.CANCELLED
        if delivery.note or not undone:  # the user sees that the text is gone
            self._show(Done(Outcome.SILENT if undone else delivery.outcome, note=delivery.note))
        return delivery

    @property
    def _front(self) -> Utterance | None:
        """Return the session whose states are shown: the newest, once the turn of the visible one has ended."""
        seen = self._seen
        return self._newest if seen is None or seen.turn_over.is_set() else seen

    def _draw(self, state: State, utterance: Utterance) -> bool:
        """Show `state` if it is new and `session` is the front session; return whether that session is visible."""
        self._told[utterance] = state
        if utterance is self._front:
            self._seen = utterance
        seen = utterance is self._seen
        if seen and state != self._shown:
            self._shown = state
            self._show(state)
        return seen


def _sent() -> None:
    """Do nothing: a sent text has not arrived yet."""


async def _unedited(
    said: Said, parts: Parts, turn: Turn, draw: Callable[[State], None], sent: Callable[[], None]
) -> Ending:
    raise Problem("Editing by voice has no key any more.", "Choose one in the settings, and say it again.")
