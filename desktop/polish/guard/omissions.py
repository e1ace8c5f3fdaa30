"""Explain why words are missing from a polish: what a speaker said without meaning it to be written. Pure.

Missing stretches are judged as a whole, since one word explains the others: everything directly before "no wait" was
taken back, and what is said twice in a row was meant once.
"""

from __future__ import annotations

from collections.abc import Iterator

from desktop.polish.guard.corrections import MAX_TAKEN_BACK
from desktop.polish.guard.phrases import DENIAL_KEYS, PhraseFinder
from desktop.polish.guard.restarts import is_restart
from desktop.polish.guard.spelling import is_misspelling
from desktop.polish.guard.tokens import DETERMINER_KEYS, QUESTION_WORDS, SENTENCE_STARTS, GuardToken, list_keys

MAX_RESTARTED, MAX_MILDLY_RESTARTED = 40, 12
"""Most words that a sentence that begins anew may take back; fewer for a cue that is also said for other reasons."""

LOOK_BACK = 24
"""Words before a cue that are searched for what is repeated after it."""

REPEAT_WINDOW = 3
"""Words, beyond the length of the stretch between, within which a word that is begun again must stand."""

AGREEMENT_WORDS = list_keys("agreed")
DOUBTFUL_CUES = list_keys("doubtful")


class OmissionExplainer:
    """Explains the words of `spoken` at the indices `omitted`; `written` is the text that was made of it."""

    def __init__(self, spoken: list[GuardToken], omitted: set[int], written: str = "") -> None:
        self._spoken = spoken
        self._phrases = PhraseFinder(spoken, written)
        self._keys = self._phrases.keys
        self.has_cue = self._phrases.has_cue
        self._omitted = omitted
        self._replaced: set[int] = set()
        self.has_correction = False  # whether the speaker plainly corrected something

    def mark_replaced(self, at: int) -> None:
        """Note that the missing word at `at` was replaced by what is said after the next cue."""
        self._replaced.add(at)

    def has_own_cue(self, at: int) -> bool:
        """Return whether the missing stretch that contains an index has its own cue."""
        end = next(end for start, end in self._runs() if start <= at < end)
        return self.has_cue(at, end)

    def find_unexplained(self) -> list[int]:
        """Return the indices that are missing without a reason."""
        unexplained: list[int] = []
        for start, end in list(self._runs()):
            if start in self._replaced:
                continue
            omitted = self._omitted
            is_explained = any(self._is_explained(a, b) for a, b in self._equivalent_stretches(start, end))
            self._omitted = omitted
            if is_explained:
                continue
            unexplained += range(start, end)
        return unexplained

    def _runs(self) -> Iterator[tuple[int, int]]:
        omitted = sorted(self._omitted)
        start = 0
        while start < len(omitted):
            end = start + 1
            while end < len(omitted) and omitted[end] == omitted[end - 1] + 1:
                end += 1
            yield omitted[start], omitted[end - 1] + 1
            start = end

    def _equivalent_stretches(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the stretch, and its equivalents where the words around are equal: "at two at three" without "at two"
        or without "two at".
        """
        yield start, end
        keys, omitted = self._keys, self._omitted
        others = omitted - set(range(start, end))
        for step in (-1, 1):
            a, b = start, end
            while a > 0 and b < len(keys) + (step < 0):
                before, following = (a - 1, b - 1) if step < 0 else (a, b)
                neighbour = before if step < 0 else following
                if keys[before] != keys[following] or neighbour in others:
                    break
                a, b = a + step, b + step
                self._omitted = others | set(range(a, b))
                yield a, b
            self._omitted = omitted

    def _is_explained(self, start: int, end: int) -> bool:
        """Return whether a whole stretch may go."""
        if self._ignores_correction(start, end):
            return False
        if self._is_aside(start, end) or self._is_said_twice(start, end):
            return True
        at = start
        while at < end:
            cue_end, is_sure, is_mild = self._read_cue(at, end)
            is_doubtful = cue_end > at and self._keys[at] in DOUBTFUL_CUES
            self.has_correction = self.has_correction or (is_sure and not is_mild)
            if (
                (is_sure or is_doubtful)
                and self._only_repeats(start, at, cue_end, end)
                and self._is_taken_back(start, at, end, is_sure, is_mild)
            ):
                return True
            if cue_end > at == start and self._replaced and self._only_repeats(start, at, cue_end, end):
                return True
            if cue_end > at and cue_end == end and is_restart(self._spoken, self._keys, start, at, end):
                return True
            at = max(cue_end, at + 1)
        return is_restart(self._spoken, self._keys, start, end, end)

    def _ignores_correction(self, start: int, end: int) -> bool:
        """Return whether a correction itself is missing, up to the end of the text, and what it corrects is not."""
        cue_end, is_sure, is_mild = self._read_cue(start, end)
        if end < len(self._spoken) or not is_sure or is_mild or cue_end >= end:
            return False
        repeated_keys = [t.key for t in self._spoken[cue_end:end] if t.kind != "sound"]
        return repeated_keys != self._keys[start - len(repeated_keys) : start]

    def _read_cue(self, at: int, end: int) -> tuple[int, bool, bool]:
        """Return where the cue words at an index end, whether they leave no doubt, and whether they take back only a
        little.
        """
        is_sure, is_mild, start = False, True, at
        while at < end:
            if length := self._phrases.phrase_length("cues", at):
                is_mild = is_mild and self._phrases.phrase_length("mild", at) == length
                is_sure = True
            else:
                length = (
                    self._phrases.phrase_length("leads", at)
                    if at > start or self._keys[at] in DENIAL_KEYS | {"or", "well", "oh"}
                    else 0
                )
            length = length or (1 if self._spoken[at].kind == "sound" else 0)
            if not length or at + length > end:
                break
            at += length
        is_paused = any(self._spoken[i].kind == "sound" for i in range(start, at)) or (
            start > 0 and (self._spoken[start - 1].kind == "sound" or self._spoken[start].parted)
        )
        if not is_sure and is_paused and not DENIAL_KEYS.isdisjoint(self._keys[start:at]):
            return at, at > start + 1 or self._spoken[start].parted, False
        return at, is_sure, is_mild and is_sure and self._keys[start] not in DENIAL_KEYS

    def _only_repeats(self, start: int, cue: int, cue_end: int, end: int) -> bool:
        """Return whether what is missing after a cue only repeats what stands before it."""
        earlier_keys = self._keys[max(0, start - LOOK_BACK) : cue]
        return all(
            self._spoken[at].kind in ("small", "sound")
            or self._keys[at] in earlier_keys
            or self._keys[at] in SENTENCE_STARTS
            or self._keys[at] == "but"
            or self._is_denied_again(at, end, earlier_keys)
            for at in range(cue_end, end)
        ) or self._is_said_twice(cue_end, end)

    def _is_denied_again(self, at: int, end: int, earlier_keys: list[str]) -> bool:
        """Return whether a word denies what was taken back: not the red one."""
        denied_at = next((i for i in range(at + 1, min(end, at + 4)) if self._spoken[i].kind != "small"), at)
        other_indices = [i for i, key in enumerate(self._keys[:at]) if key == self._keys[denied_at]]
        return (
            self._keys[at] == "not"
            and self._keys[denied_at] in earlier_keys
            and all(i in self._omitted for i in other_indices)
        )

    def _is_taken_back(self, start: int, cue: int, end: int, is_sure: bool, is_mild: bool) -> bool:
        """Return whether the words from `start` to the cue were taken back; `end` is the end of the stretch."""
        spoken = self._spoken
        before = [t for t in spoken[start:cue] if t.kind != "sound"]
        if not before:
            return False
        if end == len(spoken):
            return False
        is_question = any(
            spoken[at].first and self._keys[at] in QUESTION_WORDS for at in range(max(0, start - 3), start + 1)
        )
        is_fresh = spoken[start].first or self._keys[start] in SENTENCE_STARTS or is_question
        is_repeated = self._keys[end] == self._keys[start] or (
            self._keys[end] in SENTENCE_STARTS and self._keys[start] in SENTENCE_STARTS
        )
        later_keys = {*self._keys[end : end + LOOK_BACK]}
        content = [t for t in before if t.kind != "small" and t.key not in later_keys]
        is_denied = any(t.kind == "not" for t in content)
        if (
            is_sure
            and is_fresh
            and not is_mild
            and any(self._phrases.phrase_length("anew", at) for at in range(cue, end))
        ):
            return len(before) <= MAX_RESTARTED
        if (
            is_fresh
            and (is_repeated or (spoken[start].first and self._keys[end] in SENTENCE_STARTS))
            and not (is_mild and is_denied)
        ):
            return len(before) <= (MAX_MILDLY_RESTARTED if is_mild or not is_sure else MAX_RESTARTED)
        if (is_denied and not (is_repeated and is_sure)) or (not is_sure and self.has_cue(start, cue)):
            return False
        if not is_sure and (all(t.kind == "small" or t.key in SENTENCE_STARTS for t in before)):
            return False
        is_repeated = (is_repeated or (is_question and is_sure)) and len(before) <= MAX_MILDLY_RESTARTED and not is_mild
        if (
            any(t.kind == "number" for t in content)
            and not is_repeated
            and not any(t.kind == "number" or t.key == "second" for t in spoken[end : end + 4])
        ):
            return False
        return len(content) <= MAX_TAKEN_BACK

    def _is_aside(self, start: int, end: int) -> bool:
        """Return whether a stretch is nothing but sounds, asides and spoken marks."""
        at = start
        while at < end:
            length = self._phrases.idle_length(at)
            if not length or at + length > end:
                return False
            at += length
        return True

    def _is_said_twice(self, start: int, end: int) -> bool:
        """Return whether every content word of a stretch is said again beside it, or was broken off."""
        while start < end - 1 and self._keys[start] in AGREEMENT_WORDS:
            start += 1
        last = end
        while last > start + 1 and (self._spoken[last - 1].kind == "sound" or self._phrases.idle_length(last - 1) == 1):
            last -= 1
        content_indices = [at for at in range(start, last) if self._spoken[at].kind not in ("small", "sound")]
        if content_indices and all(self._spoken[at].kind in ("number", "not") for at in content_indices):
            return self._is_repeated_negation(start, last, end)
        if not content_indices:
            return all(
                self._is_repeated_word(at, start, end) or self._spoken[at].kind == "sound" for at in range(start, last)
            )
        content_indices = [at for at in content_indices if self._keys[at] not in DETERMINER_KEYS] or content_indices
        return all(self._is_repeated_word(at, start, end) for at in content_indices)

    def _is_repeated_negation(self, start: int, last: int, end: int) -> bool:
        """Return whether a negation was repeated directly, after "um" or with another word: do not um do not go."""
        spoken = [t.key for t in self._spoken[start:last] if t.kind != "sound"]
        if len(spoken) == 2 and spoken[1] in AGREEMENT_WORDS and self._keys[end] == spoken[0]:  # twenty, yes, twenty
            return True
        if spoken == ["no"] and self._keys[end : end + 1] == spoken and self._spoken[start].parted:
            return True  # no no, that is fine
        is_repeated = self._keys[end : end + len(spoken)] == spoken and all(
            not t.forms for t in self._spoken[start:last]
        )
        return is_repeated and (len(spoken) > 1 or last < end)

    def _is_repeated_word(self, at: int, start: int, end: int) -> bool:
        """Return whether a word of a stretch is repeated beside it, or a word that begins like it follows."""
        word, key = self._spoken[at].word, self._keys[at]
        is_corrected = self.has_cue(max(0, start - LOOK_BACK // 2), start) or self._keys[start - 1] in AGREEMENT_WORDS
        look_back = LOOK_BACK if is_corrected else 0 if self._spoken[at].forms else REPEAT_WINDOW + end - at
        if self._is_alone(at, start, end):
            following = next((t.key for t in self._spoken[at + 1 :] if t.kind not in ("small", "sound")), "")
            if key == following:
                return True
        else:
            window = 2 if self._spoken[at].kind == "firm" else REPEAT_WINDOW
            if key in self._keys[at + 1 : end + (at - start) + window]:
                return True
        if any(self._keys[i] == key and i not in self._omitted for i in range(max(0, start - look_back), start)):
            return True
        if self._spoken[at].forms or self._spoken[at].kind == "not":
            return False
        later = self._spoken[at + 1 : min(at + 1 + REPEAT_WINDOW, len(self._spoken))]
        return any(t.word != word and (t.word.startswith(word) or is_misspelling(word, t.word)) for t in later)

    def _is_alone(self, at: int, start: int, end: int) -> bool:
        """Return whether a word that carries something is the only one of a stretch."""
        words = (index for index in range(start, end) if self._spoken[index].kind != "sound")
        return self._spoken[at].kind in ("word", "firm") and next(words, at) == at and next(words, None) is None
