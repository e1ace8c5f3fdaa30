"""Find what one correction replaces, by what is written and by the recordings, and what it says there.

A word that was misheard is often misheard again when it is said alone. So the place is looked for with what was heard,
and the words are heard once more within the sound of their sentence; where what was heard stands nowhere, what else it
may have been is looked for, and where it stands already, the same sound may have been misheard in the same way twice.
What is found so is asked about.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from desktop.core.tasks import gather
from desktop.core.types import Replacement
from desktop.dictation.again_evidence import RecordedEvidence
from desktop.dictation.again_match import (
    FINAL_MARKS,
    MAX_CHOICES,
    MAX_SAID_WORDS,
    MIN_HEARD_LIKENESS,
    Candidate,
    Found,
    find_correction,
    find_places,
    find_standing,
    fit_written,
    list_words,
    split_words,
)
from desktop.dictation.again_weighing import Decision, decide
from desktop.history.rows import HistoryRow


class CorrectionFinder:
    """Finds what a correction in `language` replaces in `text`, which `row` has.

    `write` returns what was heard as it is written in a dictation.
    """

    def __init__(
        self,
        evidence: RecordedEvidence,
        text: str,
        row: HistoryRow,
        language: str,
        write: Callable[[str], Awaitable[str]],
    ) -> None:
        self._evidence = evidence
        self._text = text
        self._row = row
        self._language = language
        self._write = write

    async def find_spelled(self, word: str) -> Found:
        """Return what a word whose letters were said replaces: it is written so, however it sounds."""
        return await self._find(word, word, is_spelled=True)

    async def find(self, heard: str, written: str) -> Found:
        """Return what `heard`, which is written `written`, replaces."""
        found = await self._find(heard, written)
        if found.replaced is not None and not self._differs_in_case(found.replaced):
            return found
        offered = (*await self._find_standing(written), *found.offered) or await self._find_alternative(written)
        return Found(choices=offered[:MAX_CHOICES], is_there=found.is_there)

    async def _find(self, heard: str, written: str, *, is_spelled: bool = False) -> Found:
        written = written.strip(FINAL_MARKS)
        decided = await self._decide(heard, written, is_spelled=is_spelled)
        if isinstance(decided, Found):
            return decided
        spans = decided.choices or (decided.best,)
        if is_spelled:
            words = [written] * len(spans)
        else:
            words = await gather(*(partial(self._hear_in_place, self._fit(span, written), written) for span in spans))
        replacements = tuple(map(self._fit, spans, words))
        if decided.choices:
            return Found(choices=replacements)
        if list_words(words[0]) == list_words(written):
            return Found(replacements[0])
        return await self._find_borders(replacements[0])

    async def _find_borders(self, first: Replacement) -> Found:
        """Return what the words of `first` replace, which are others than those that its borders were found with."""
        decided = await self._decide(first.written, first.written)
        if isinstance(decided, Found):
            return Found(first)
        others = {self._fit(span, first.written) for span in decided.choices or (decided.best,)}
        if others == {first}:
            return Found(first)
        return Found(choices=tuple(sorted({first, *others}, key=lambda each: (each.start, each.end))[:MAX_CHOICES]))

    async def _decide(self, heard: str, written: str, *, is_spelled: bool = False) -> Decision | Found:
        """Return what the recordings say, or what is written does where they say nothing or there is no place."""
        places = find_places(self._text, written, self._language, heard, MIN_HEARD_LIKENESS)
        variants = [[(each, self._fit(each, written)) for each in place] for place in places.places]
        measured = await self._evidence.measure(
            self._text, self._row, heard, variants, self._language, is_comparable=not is_spelled
        )
        if not measured:
            return find_correction(self._text, written, self._language, heard)
        return decide(measured, is_there=places.is_there) or Found(is_there=places.is_there)

    async def _find_alternative(self, written: str) -> tuple[Replacement, ...]:
        """Return what another text of the same sound may replace. More than a correction may have is none by another
        text of it either."""
        if len(split_words(written)) > MAX_SAID_WORDS:
            return ()
        for other in (await self._evidence.list_alternatives(self._language))[1:]:
            if offered := (await self._find(other, other)).offered:
                return offered
        return ()

    async def _find_standing(self, written: str) -> tuple[Replacement, ...]:
        """Return what else was said where `written` stands, if something else is likelier there."""
        choices = []
        for start, end in find_standing(self._text, written)[:MAX_CHOICES]:
            stood = self._text[start:end]
            words = await self._hear_in_place(Replacement(start, end, stood), stood)
            if list_words(words) != list_words(stood):
                choices.append(self._fit(Candidate(start, end, 0.0), words))
        return tuple(choices)

    async def _hear_in_place(self, place: Replacement, written: str) -> str:
        """Return the words that are heard at `place`, as they are written: `written` if they are those."""
        words = await self._evidence.hear_in_place(self._text, self._row, place, self._language)
        return written if list_words(words) == list_words(written) else (await self._write(words)).strip(FINAL_MARKS)

    def _fit(self, span: Candidate, written: str) -> Replacement:
        return fit_written(self._text, span.start, span.end, written, self._language)

    def _differs_in_case(self, replacement: Replacement) -> bool:
        stood = self._text[replacement.start : replacement.end]
        return list_words(stood) == list_words(replacement.written)
