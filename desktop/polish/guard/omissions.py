"""Explain why words are missing from a polish: what a speaker said without meaning it to be written. Pure.

Missing stretches are judged as a whole, since one word explains the others: everything directly before "no wait" was
taken back, and what is said twice in a row was meant once.
"""

from __future__ import annotations

from collections.abc import Iterator

from desktop.polish.guard.phrases import PhraseFinder
from desktop.polish.guard.spelling import is_misspelling
from desktop.polish.guard.tokens import GuardToken, list_keys

MAX_TAKEN_BACK = 4
"""Most content words, not said again, that a correction may take back."""

MAX_RESTARTED, MAX_MILDLY_RESTARTED = 40, 12
"""Most words that a sentence that begins anew may take back; fewer for a cue that is also said for other reasons."""

LOOK_BACK = 24
"""Words before a cue that are searched for what is repeated after it."""

REPEAT_WINDOW = 4
"""Words, beyond the length of the stretch between, within which a word that is begun again must stand."""

QUESTION_WORDS = list_keys("asks")
DETERMINER_KEYS = list_keys("determiners")
QUESTION_VERBS = list_keys("verbs")
WISH_WORDS = list_keys("wishes")
ORDER_OPENINGS = list_keys("openings")
SENTENCE_STARTS = list_keys("starts")
UNFINISHED_ENDS = list_keys("hanging")
AGREEMENT_WORDS = list_keys("agreed")
DOUBTFUL_CUES = list_keys("doubtful")


class OmissionExplainer:
    """The stretches of `said` at the indices `gone`; `written` is the text that was made of it."""

    def __init__(self, said: list[GuardToken], gone: set[int], written: str = "") -> None:
        self._said = said
        self._phrases = PhraseFinder(said, written)
        self._keys = self._phrases.keys
        self.has_cue = self._phrases.has_cue
        self._gone = gone
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
        lost: list[int] = []
        for start, end in list(self._runs()):
            if start in self._replaced:
                continue
            gone = self._gone
            explained = any(self._is_explained(a, b) for a, b in self._equivalent_stretches(start, end))
            self._gone = gone
            if explained:
                continue
            lost += self._unexplained_rest(start, end)
        return lost

    def _runs(self) -> Iterator[tuple[int, int]]:
        gone = sorted(self._gone)
        start = 0
        while start < len(gone):
            end = start + 1
            while end < len(gone) and gone[end] == gone[end - 1] + 1:
                end += 1
            yield gone[start], gone[end - 1] + 1
            start = end

    def _equivalent_stretches(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the stretch, and its equivalents where the words around are equal: "at two at three" without "at two"
        or without "two at".
        """
        yield start, end
        keys, gone = self._keys, self._gone
        others = gone - set(range(start, end))
        for step in (-1, 1):
            a, b = start, end
            while a > 0 and b < len(keys) + (step < 0):
                before, behind = (a - 1, b - 1) if step < 0 else (a, b)
                neighbour = before if step < 0 else behind
                if keys[before] != keys[behind] or neighbour in others:
                    break
                a, b = a + step, b + step
                self._gone = others | set(range(a, b))
                yield a, b
            self._gone = gone

    def _is_explained(self, start: int, end: int) -> bool:
        """Return whether a whole stretch may go."""
        if self._ignores_correction(start, end):
            return False
        if self._is_aside(start, end) or self._is_said_twice(start, end) or self._is_denial(start, end):
            return True
        at = start
        while at < end:
            behind, sure, mild = self._read_cue(at, end)
            doubtful = behind > at and self._keys[at] in DOUBTFUL_CUES
            self.has_correction = self.has_correction or (sure and not mild)
            if (
                (sure or doubtful)
                and self._only_repeats(start, at, behind, end)
                and self._is_taken_back(start, at, end, sure, mild)
            ):
                return True
            if behind > at == start and self._replaced and self._only_repeats(start, at, behind, end):
                return True
            if behind > at and behind == end and self._is_restart(start, at, end):
                return True
            at = max(behind, at + 1)
        return self._is_restart(start, end, end)

    def _ignores_correction(self, start: int, end: int) -> bool:
        """Return whether a correction itself is missing, up to the end of the text, and what it corrects is not."""
        behind, sure, mild = self._read_cue(start, end)
        if end < len(self._said) or not sure or mild or behind >= end:
            return False
        again = [t.key for t in self._said[behind:end] if t.kind != "sound"]
        return again != self._keys[start - len(again) : start]

    def _is_restart(self, start: int, cue: int, end: int) -> bool:
        """Return whether a speaker began anew or said another name without a cue, with only "um" or "or" or nothing."""
        said = self._said
        if end == len(said):
            return False
        before = [t for t in said[start:cue] if t.kind != "sound"]
        ahead = self._keys[end : end + LOOK_BACK // 2 + cue - start]
        heavy = [
            t
            for t in before
            if t.kind != "small" and t.key not in SENTENCE_STARTS and not (t.kind == "number" and t.key in ahead)
        ]
        if not before or any(t.kind in ("number", "not") for t in heavy):
            return self._is_repeated_number(start, cue, end)
        if heavy and cue == end and self._keys[end - 1] == "and":  # two questions, not one that is begun again
            return False
        heavy = [t for t in heavy if t.key not in self._keys[end : end + LOOK_BACK // 2 + cue - start]]
        paused = cue < end
        asks = QUESTION_WORDS & {*self._keys[end : end + (2 if paused else 1)]}
        if all(t.key in DETERMINER_KEYS for t in before) and said[end].key in DETERMINER_KEYS:
            return True
        if said[start].first and not said[end].first and asks and self._keys[start] in SENTENCE_STARTS:
            return len(heavy) <= (MAX_TAKEN_BACK if paused else 1)
        if self._keys[cue : cue + 1] == ["or"] and end - cue > 1:
            return len(heavy) <= MAX_TAKEN_BACK
        if any(t.kind == "firm" for t in heavy):
            return False
        fresh = start == 0 or said[start].first or said[start].parted or said[start - 1].kind == "sound"
        if any(t.kind == "name" for t in heavy):
            other = any(t.kind == "name" for t in said[end : end + 4])
            return paused and other and len(heavy) <= 3 and (start == 0 or said[start - 1].kind != "name")
        if fresh and {t.key for t in heavy} <= WISH_WORDS and said[end].key in SENTENCE_STARTS:
            return True
        last = next((t.key for t in reversed(before) if t.kind != "small"), "")
        if fresh and self._keys[start] != self._keys[end] and last in ahead and len(heavy) <= 1:
            return True
        if before[-1].key in UNFINISHED_ENDS and len(before) > 1:
            return len(heavy) <= (2 if fresh else 1) and said[end].key in (
                SENTENCE_STARTS | ORDER_OPENINGS if fresh else UNFINISHED_ENDS
            )
        if self._keys[start] == self._keys[end] and self._keys[start + 1 : start + 2] == self._keys[end + 1 : end + 2]:
            return len(heavy) <= 2
        if self._keys[start] == self._keys[end] and not heavy and len(before) > 1:
            return True
        if not heavy and len(before) == 1:
            return paused
        return paused and len(heavy) <= 2 and len(before) < 4

    def _is_repeated_number(self, start: int, cue: int, end: int) -> bool:
        """Return whether a number, or another year, was said once more after "um"."""
        before = [t for t in self._said[start:cue] if t.kind != "sound"]
        after = self._said[end]
        again = len(before) == 2 and self._keys[end + 1 : end + 2] == [before[1].key]
        if cue == end or not before or not (len(before) == 1 or again) or not before[0].forms or not after.forms:
            return False
        if again:
            return True
        years = all(len(t.word) == 4 and t.word[:2] in _CENTURY_DIGITS for t in (before[0], after))
        dated = start > 0 and self._keys[start - 1] in ("in", "of", "since", "until", "from", "year")
        spoken = any(t.kind != "sound" for t in self._said[cue:end]) or len(after.word) > 1
        return (before[0].key == after.key and spoken) or (years and dated)

    def _read_cue(self, at: int, end: int) -> tuple[int, bool, bool]:
        """Return where the cue words at an index end, whether they leave no doubt, and whether they take back only a
        little.
        """
        sure, mild, start = False, True, at
        while at < end:
            if length := self._phrases.phrase_length("cues", at):
                mild = mild and self._phrases.phrase_length("mild", at) == length
                sure = True
            else:
                length = (
                    self._phrases.phrase_length("leads", at)
                    if at > start or self._keys[at] in ("or", "no", "well", "oh")
                    else 0
                )
            length = length or (1 if self._said[at].kind == "sound" else 0)
            if not length or at + length > end:
                break
            at += length
        paused = any(self._said[i].kind == "sound" for i in range(start, at)) or (
            start > 0 and (self._said[start - 1].kind == "sound" or self._said[start].parted)
        )
        if not sure and paused and "no" in self._keys[start:at]:
            return at, at > start + 1 or self._said[start].parted, False
        return at, sure, mild and sure and self._keys[start] != "no"

    def _only_repeats(self, start: int, cue: int, behind: int, end: int) -> bool:
        """Return whether what is missing after a cue only repeats what stands before it."""
        back = self._keys[max(0, start - LOOK_BACK) : cue]
        return all(
            self._said[at].kind in ("small", "sound")
            or self._keys[at] in back
            or self._keys[at] in SENTENCE_STARTS
            or self._keys[at] == "but"
            or self._is_denied_again(at, end, back)
            for at in range(behind, end)
        ) or self._is_said_twice(behind, end)

    def _is_denied_again(self, at: int, end: int, back: list[str]) -> bool:
        """Return whether a word denies what was taken back: not the red one."""
        denied = next((i for i in range(at + 1, min(end, at + 4)) if self._said[i].kind != "small"), at)
        others = [i for i, key in enumerate(self._keys[:at]) if key == self._keys[denied]]
        return self._keys[at] == "not" and self._keys[denied] in back and all(i in self._gone for i in others)

    def _is_denial(self, start: int, end: int) -> bool:
        """Return whether a stretch names what was taken back before: the blue one, not the red one."""
        if self._keys[start] != "not" or end - start < 2:
            return False
        back = {self._keys[at] for at in self._gone if start - LOOK_BACK < at < start}
        heavy = [at for at in range(start + 1, end) if self._said[at].kind not in ("small", "sound")]
        return (
            bool(heavy)
            and all(self._keys[at] in back for at in heavy)
            and self.has_cue(max(0, start - LOOK_BACK), start)
        )

    def _is_taken_back(self, start: int, cue: int, end: int, sure: bool, mild: bool) -> bool:
        """Return whether the words from `start` to the cue were taken back; `end` is the end of the stretch."""
        said = self._said
        before = [t for t in said[start:cue] if t.kind != "sound"]
        if not before:
            return sure and any(self._phrases.phrase_length("cues", at) for at in range(cue, end))
        if end == len(said):
            return False
        asked = any(said[at].first and self._keys[at] in QUESTION_WORDS for at in range(max(0, start - 3), start + 1))
        anew = said[start].first or self._keys[start] in SENTENCE_STARTS or asked
        again = self._keys[end] == self._keys[start] or (
            self._keys[end] in SENTENCE_STARTS and self._keys[start] in SENTENCE_STARTS
        )
        ahead = {*self._keys[end : end + LOOK_BACK]}
        heavy = [t for t in before if t.kind != "small" and t.key not in ahead]
        denied = any(t.kind == "not" for t in heavy)
        if sure and anew and not mild and any(self._phrases.phrase_length("anew", at) for at in range(cue, end)):
            return len(before) <= MAX_RESTARTED
        if anew and (again or (said[start].first and self._keys[end] in SENTENCE_STARTS)) and not (mild and denied):
            return len(before) <= (MAX_MILDLY_RESTARTED if mild or not sure else MAX_RESTARTED)
        if (
            said[start].first
            and self._keys[start] in SENTENCE_STARTS
            and QUESTION_WORDS & {*self._keys[end : end + 3]}
            and not denied
        ):
            return len(before) <= MAX_MILDLY_RESTARTED
        if (denied and not (again and sure)) or (not sure and self.has_cue(start, cue)):
            return False
        if not sure and (all(t.kind == "small" or t.key in SENTENCE_STARTS for t in before)):
            return False
        again = (again or (asked and sure)) and len(before) <= MAX_MILDLY_RESTARTED and not mild
        if (
            any(t.kind == "number" for t in heavy)
            and not again
            and not any(t.kind == "number" or t.key == "second" for t in said[end : end + 4])
        ):
            return False
        return len(heavy) <= MAX_TAKEN_BACK

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
        while last > start + 1 and (
            self._said[last - 1].kind == "sound" or self._phrases.phrase_length("asides", last - 1) == 1
        ):
            last -= 1
        heavy = [at for at in range(start, last) if self._said[at].kind not in ("small", "sound")]
        if heavy and all(self._said[at].kind in ("number", "not") for at in heavy):
            return self._is_repeated_negation(start, last, end)
        if not heavy:
            return all(
                self._is_repeated_word(at, start, end) or self._said[at].kind == "sound" for at in range(start, last)
            )
        heavy = [at for at in heavy if self._keys[at] not in DETERMINER_KEYS] or heavy
        return all(self._is_repeated_word(at, start, end) for at in heavy)

    def _is_repeated_negation(self, start: int, last: int, end: int) -> bool:
        """Return whether a negation was repeated directly, after "um" or with another word: do not um do not go."""
        said = [t.key for t in self._said[start:last] if t.kind != "sound"]
        if len(said) == 2 and said[1] in AGREEMENT_WORDS and self._keys[end] == said[0]:  # twenty, yes, twenty
            return True
        again = self._keys[end : end + len(said)] == said and all(not t.forms for t in self._said[start:last])
        return again and (len(said) > 1 or last < end)

    def _is_repeated_word(self, at: int, start: int, end: int) -> bool:
        """Return whether a word of a stretch is repeated beside it, or a word that begins like it follows."""
        word, key = self._said[at].word, self._keys[at]
        corrected = self.has_cue(max(0, start - LOOK_BACK // 2), start)
        back = LOOK_BACK if corrected else 0 if self._said[at].forms else REPEAT_WINDOW + end - at
        if key in self._keys[at + 1 : end + (at - start) + REPEAT_WINDOW]:
            return True
        if any(self._keys[i] == key and i not in self._gone for i in range(max(0, start - back), start)):
            return True
        if self._said[at].forms or self._said[at].kind == "not":
            return False
        ahead = self._said[at + 1 : min(at + 1 + REPEAT_WINDOW, len(self._said))]
        return any((t.word.startswith(word) and len(word) < len(t.word)) or is_misspelling(word, t.word) for t in ahead)

    def _unexplained_rest(self, start: int, end: int) -> Iterator[int]:
        """Yield the indices of a stretch that may not go when not all of it may."""
        at = start
        while at < end:
            length = self._phrases.idle_length(at)
            if length and at + length <= end:
                at += length
                continue
            yield at
            at += 1


_CENTURY_DIGITS = frozenset(str(century) for century in range(10, 22))
