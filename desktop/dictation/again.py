"""Say it again: a word of the last text that was misheard is said again, and replaced where it stands.

The words come as those of a dictation do. What they replace is found by their sound (`desktop.dictation.again_match`),
and is replaced as a swap is (`Paster.undo_paste`): only where the last text still stands before the cursor, to the
byte, and with undo. Where several places are alike the user is asked which, and answers with the same key or a command;
what is shown then holds all that the answer needs, so that anything else that is shown drops the question.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import anyio

from desktop.core.errors import HistoryError
from desktop.core.interfaces import LanguageChooser, Polisher, Recognizer
from desktop.core.messages import Foreign, Message, Notes
from desktop.core.state import Corrected, CorrectionChoice, DictationState, Done, Pasting, Polishing, Transcribing
from desktop.core.tasks import SpawnTask
from desktop.core.types import (
    DictationContext,
    Outcome,
    PasteResult,
    PolishedText,
    Replacement,
    SentData,
    Target,
    Transcript,
)
from desktop.dictation.again_answers import are_apart, find_answer, is_answer
from desktop.dictation.again_evidence import RecordedEvidence
from desktop.dictation.again_finding import CorrectionFinder
from desktop.dictation.again_match import apply_replacements
from desktop.dictation.last import NOTHING_SWAPPED, CurrentText, LastDictation
from desktop.paste.request import DELETION_UNPROVEN
from desktop.paste.selection import FIELD_ALTERED
from desktop.paste.undo import NOTHING_TO_UNDO
from desktop.polish.rules.spelling import read_spelled

NOTHING_CHANGED = Message("nothing-changed")
NOTHING_TO_CORRECT = Message("correction-nothing-there")

MAX_SHOWN_CHARACTERS = 60
"""Most characters of a heard phrase in a message."""


@dataclass(frozen=True, slots=True)
class Correction:
    """`old` of the dictation `current` was replaced by `new`, in a window `target`."""

    old: str
    new: str
    current: CurrentText
    target: Target


def shorten(text: str) -> str:
    """Return `text` on one line, cut where it is long for a message."""
    text = " ".join(text.split())
    return text if len(text) <= MAX_SHOWN_CHARACTERS else f"{text[:MAX_SHOWN_CHARACTERS].rstrip()}…"


class SpokenAgain:
    """One word or phrase that is said again.

    - `last`: the last dictation, whose text is corrected.
    - `polisher`: what writes the words as those of a dictation.
    - `wait_for_earlier`: returns when the history has all that was dictated before.
    - `shown`: what was shown at the key press; a question is answered.
    - `on_replacing`: called before the text is changed; `on_corrected` with each correction that was made.
    - `evidence`: the recordings, which `spawn` has loaded while the key is held.
    """

    def __init__(
        self,
        last: LastDictation,
        polisher: Polisher,
        wait_for_earlier: Callable[[], Awaitable[object]],
        shown: DictationState,
        on_replacing: Callable[[], None],
        on_corrected: Callable[[Correction], None],
        evidence: RecordedEvidence,
        spawn: SpawnTask,
    ) -> None:
        self._last = last
        self._polisher = polisher
        self._wait_for_earlier = wait_for_earlier
        self._question = shown if isinstance(shown, CorrectionChoice) else None
        self._on_replacing = on_replacing
        self._on_corrected = on_corrected
        self._evidence = evidence
        self._spawn = spawn
        self._is_loading, self._loading = False, anyio.CancelScope()
        self._current: CurrentText | None = None
        self._replacements: tuple[Replacement, ...] = ()
        self._is_corrected = False
        self._state: CorrectionChoice | None = None

    def listen(self, recognizer: Recognizer) -> Recognizer:
        """Return `recognizer`, whose sound is looked at too."""
        return self._evidence.listen(recognizer)

    def listen_in(self, chooser: LanguageChooser) -> LanguageChooser:
        """Return `chooser`, the sound of whose recognizers is looked at too."""
        return self._evidence.listen_in(chooser)

    def prepare(self, text: str, context: DictationContext) -> None:
        """Load the recording of the last text at the press; the words are looked at once all are there."""
        if not self._is_loading:
            self._is_loading = True
            self._spawn(self._load_evidence)

    async def _load_evidence(self) -> None:
        with self._loading:
            await self._wait_for_earlier()
            try:
                current = await self._last.load_current()
            except HistoryError:  # `polish` says so
                current = None
            await self._evidence.load(current.row if current is not None else None)

    async def polish(self, text: str, context: DictationContext, on_draft: Callable[[str], None]) -> PolishedText:
        """Return the last text with `text`, what was heard, in its place; or why it is not changed."""
        await self._wait_for_earlier()
        self._current = current = await self._last.load_current()
        if current is None or not current.text:
            return _refuse(NOTHING_TO_CORRECT)
        if not self._last.can_correct:
            return _refuse(Message("insertion-unseen"))
        question = self._question
        if question is not None and question.text == current.text:
            picked = find_answer(text, question.choices)
            if picked == ():
                return _refuse()
            if picked is None and is_answer(text, question.choices):
                return self._ask_again(question)
            self._replacements = picked or ()
        if not self._replacements:
            refusal = await self._find_replacements(current, text, context, on_draft)
            if refusal:
                return _refuse(*refusal)
        return PolishedText(apply_replacements(current.text, self._replacements))

    async def choose(self, places: tuple[int, ...]) -> PolishedText:
        """Return the last text with these of the choices made; or why it is not changed."""
        self._current = current = await self._last.load_current()
        question = self._question
        if current is None or question is None or question.text != current.text or max(places) >= len(question.choices):
            return _refuse(Message("correction-unasked"))
        self._replacements = tuple(question.choices[at] for at in places)
        if not are_apart(self._replacements):
            return self._ask_again(question)
        return PolishedText(apply_replacements(current.text, self._replacements))

    def finish(self, context: DictationContext) -> tuple[SentData, ...]:
        """Load no more of the recording, for which the next dictation would wait. Return nothing: nothing was sent."""
        self._loading.cancel()
        return ()

    async def replace_text(self, text: str, target: Target, on_sent: Callable[[], None]) -> PasteResult:
        """Replace the last text by `text`, if it still stands before the cursor."""
        assert self._current is not None
        self._on_replacing()
        result = await self._last.correct(self._current, text, on_sent)
        if result.outcome in (Outcome.REFUSED, Outcome.FAILED):
            return replace(result, notes=reword_refusal(result.notes))
        if result.outcome is Outcome.REMOVED or not {DELETION_UNPROVEN, FIELD_ALTERED}.isdisjoint(result.notes):
            return result
        self._is_corrected = True
        self._on_corrected(Correction(*self._pair(), self._current, target))
        return result

    def adjust_state(self, state: DictationState) -> DictationState:
        """Return what is shown for `state` of the session: what was replaced, or the question."""
        match state:
            case Polishing() | Pasting():  # the whole text would be shown, of which a word changes
                return Transcribing(Transcript(state.raw_text, len(state.raw_text)), state.new_target)
            case Done(Outcome.INSERTED | Outcome.UNCONFIRMED, notes=notes) if self._is_corrected:
                return Corrected(*self._pair(), notes)
            case Done(Outcome.REFUSED) if self._state is not None:
                return self._state
            case _:
                return state

    def _ask_again(self, question: CorrectionChoice) -> PolishedText:
        self._replacements, self._state = (), question
        return _refuse(Message("correction-unclear"))

    def _pair(self) -> tuple[str, str]:
        """Return what was replaced, and by what."""
        assert self._current is not None
        first = self._replacements[0]
        return self._current.text[first.start : first.end], first.written

    async def _find_replacements(
        self, current: CurrentText, text: str, context: DictationContext, on_draft: Callable[[str], None]
    ) -> Notes:
        """Find what `text` replaces; return why nothing is."""
        spelled = read_spelled(text)

        async def write(heard: str) -> str:
            style = context.style if context.style.mode == "off" else replace(context.style, mode="rules")
            polished = await self._polisher.polish(heard, replace(context, style=style), on_draft)
            return polished.text.strip() or heard

        language = current.row.language or context.language  # a word alone is easily taken for another language's
        finder = CorrectionFinder(self._evidence, current.text, current.row, language, write)
        if spelled is not None:
            written = spelled.capitalize() if spelled.islower() else spelled
            found = await finder.find_spelled(written)
        else:
            written = await write(text)
            found = await finder.find(text, written)
        if found.choices:
            self._state = CorrectionChoice(current.text, found.choices)
            return (Message("correction-unclear"),)
        if found.replaced is None:
            code = "correction-there-already" if found.is_there else "correction-not-found"
            return (Message(code, said=Foreign(shorten(written))),)
        self._replacements = (found.replaced,)
        return ()


def _refuse(*reasons: Message) -> PolishedText:
    return PolishedText("", refusal=(*reasons, NOTHING_CHANGED))


def reword_refusal(notes: Notes) -> Notes:
    """Return the notes of a swap that was refused as those of a correction."""
    others = {NOTHING_SWAPPED: NOTHING_CHANGED, NOTHING_TO_UNDO: NOTHING_TO_CORRECT}
    return tuple(others.get(note, note) for note in notes)
