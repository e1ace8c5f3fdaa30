"""Align what was said with what was written, word by word. Pure.

The longest equal stretches are matched first (Ratcliff and Obershelp's algorithm, `difflib`), which keeps the last of
two repeated phrases; what is left between them is compared by sound and value.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cache

from desktop.polish.guard.omissions import QUESTION_WORDS, OmissionExplainer
from desktop.polish.guard.questions import BEING_KEYS, answers_question, is_agent, is_passive, loses_attribution
from desktop.polish.guard.spelling import is_misspelling
from desktop.polish.guard.spoken_amounts import amount_forms
from desktop.polish.guard.tokens import GuardToken, guard_tables

SPARE_WORDS, WORDS_PER_SPARE_WORD = 3, 12
"""Number of small words that may be added, and as many omitted, plus one more for every `WORDS_PER_SPARE_WORD` spoken
words.
"""

CRITICAL_KINDS = ("number", "not")

MAX_SEARCHED_PAIRS = 400
"""Most pairs of words in two differing stretches that are searched for one word in two spellings."""

MIN_KEPT_SHARE = 0.5
"""Least share of the content words of an answer that must have been said; below it the answer is a different text."""


class Alignment:
    """The alignment of spoken tokens with an answer.

    `gone` are the indices in `said` that are missing from the answer; `added` are pairs of an index in the answer that
    was not said and the index in `said` where it would stand.
    """

    def __init__(self, said: list[GuardToken], answer: list[GuardToken], words: Sequence[str], written: str) -> None:
        self.said = said
        self.answer = answer
        self.gone: set[int] = set()
        self.added: list[tuple[int, int]] = []
        self.respelled: list[tuple[int, int]] = []
        self._written = written
        self._last_moved = -1  # index of the last word that moved forward: moved words keep their order
        self._words = frozenset(_strip_marks(word) for word in words)
        matcher = SequenceMatcher(None, [t.key for t in said], [t.key for t in answer], autojunk=False)
        for kind, a, b, c, d in matcher.get_opcodes():
            if kind == "equal":
                self.respelled += [(a + i, c + i) for i in range(b - a) if _is_respelled(said[a + i], answer[c + i])]
            else:
                self._match_differing(a, b, c, d)

    def find_harm(self) -> str:
        """Return what is wrong with the answer, as the end of a sentence; empty if nothing is."""
        if self._is_swapped_question():
            return ""
        if answers_question(self.said, self.gone, self.answer, self._written):
            return "answered instead"
        spans = OmissionExplainer(self.said, self.gone, self._written)
        came = [(place, at) for place, at in self.added if not self._explain_moved_word(place, at, spans)]
        places = spans.find_unexplained()
        lost = [self.said[place] for place in places]
        new = [self.answer[place] for place, _ in came]
        spare = SPARE_WORDS + len(self.said) // WORDS_PER_SPARE_WORD
        heavy = [token for token in self.answer if token.kind not in ("small", "sound")]
        asks = any(token.key in QUESTION_WORDS for token in new)
        gone = [t for t in lost if t.kind not in ("small", "sound") or (t.key in QUESTION_WORDS and not asks)]
        added = [token for token in new if token.kind not in ("small", "sound")]
        if spans.has_correction:  # the sentence may have been rebuilt from the same words
            taken = [token.key for token in self._gone_tokens()]
            added = [token for token in added if token.kind != "word" or token.key not in taken]
        if len(added) > (1 - MIN_KEPT_SHARE) * len(heavy):
            return "wrote other words"
        for kind, change in (("number", "changed a number"), ("not", "changed a negation"), ("name", "changed a name")):
            if any(token.kind == kind for token in (*gone, *added)):
                return change
        if self._changes_name():
            return "changed a name"
        if any(
            frozenset((one.key, other.key)) in guard_tables()["opposites"]
            for one in self._gone_tokens()
            for other in new
        ):
            return "wrote the opposite"
        passive = any(is_agent(self.answer, place) for place, _ in came)
        if added or passive:
            return "wrote other words" if gone else "added words"
        if gone or self._loses_attribution(places):
            return "left something out"
        if len([t for t in new if t.kind == "small"]) > spare or len([t for t in lost if t.kind == "small"]) > spare:
            return "wrote other words"
        return "wrote other words" if len(self.respelled) > spare else ""

    def changes_number_or_negation(self) -> bool:
        """Return whether a number or a negation was omitted or added."""
        return any(
            t.kind in CRITICAL_KINDS for t in (*self._gone_tokens(), *(self.answer[place] for place, _ in self.added))
        )

    def harms_number_or_negation(self) -> bool:
        """Return whether a number or a negation was omitted without a reason, or added."""
        spans = OmissionExplainer(self.said, self.gone, self._written)
        came = [self.answer[place] for place, at in self.added if not self._explain_moved_word(place, at, spans)]
        lost = spans.find_unexplained()
        return any(t.kind in CRITICAL_KINDS for t in (*(self.said[place] for place in lost), *came))

    def _loses_attribution(self, places: list[int]) -> bool:
        """Return whether omitted words at `places` (or elsewhere) name who did or said something."""
        if loses_attribution(self.said, self.gone) or any(is_agent(self.said, at) for at in places):
            return True
        came = {at for place, at in self.added if self.answer[place].key in BEING_KEYS}
        return any(is_passive(self.said, at) and at not in came for at in places)

    def _is_swapped_question(self) -> bool:
        """Return whether only the halves of a question were swapped: in Rome who was king."""
        asks = QUESTION_WORDS & {t.key for t in self.said} & {t.key for t in self.answer}
        one, other = ([t.key for t in part if t.kind not in ("small", "sound")] for part in (self.said, self.answer))
        if not asks or len(one) != len(other) or len(one) < 2 or sorted(one) != sorted(other):
            return False
        named = [[t.key for t in part if t.kind in ("name", "number", "not")] for part in (self.said, self.answer)]
        return named[0] == named[1] and any(one[cut:] + one[:cut] == other for cut in range(1, len(one)))

    def _gone_tokens(self) -> list[GuardToken]:
        return [self.said[place] for place in self.gone]

    def _changes_name(self) -> bool:
        """Return whether a word that may be a name got another ending: Robert is not Roberts."""
        for place, at in self.respelled:
            said, written = self.said[place], self.answer[at]
            if said.kind != "small" and (written.capital or (said.capital and not said.first)):
                return True
        return False

    def _explain_moved_word(self, place: int, at: int, spans: OmissionExplainer) -> bool:
        """Return whether an added word was said behind a correction cue and replaces what was taken back."""
        key = self.answer[place].key
        if self.answer[place].kind == "not":
            return False
        if at in self.gone and spans.has_own_cue(at):
            return False
        if self.answer[place].kind == "name" and not (at in self.gone and self.said[at].kind in ("name", "word")):
            return False
        light = self.answer[place].kind in ("word", "small")
        found = next(
            (
                q
                for q in sorted(self.gone)
                if self.said[q].key == key
                and ((q > self._last_moved and spans.has_cue(at, q)) if q > at else (light and spans.has_cue(q, at)))
            ),
            None,
        )
        if found is None or (self.answer[place].kind == "name" and self._crosses_name(at, found)):
            return False
        self.gone.discard(found)
        self._last_moved = found if found > at else self._last_moved
        spans.mark_replaced(at)
        return True

    def _crosses_name(self, at: int, found: int) -> bool:
        """Return whether a name that is still in its place stands between two indices."""
        return any(self.said[i].kind == "name" and i not in self.gone for i in range(at, found))

    def _match_differing(self, a: int, b: int, c: int, d: int) -> None:
        """Match what is equivalent in two differing stretches; record the rest as gone and added."""
        while a < b and (b - a) * (d - c) <= MAX_SEARCHED_PAIRS:
            pair = next(
                (
                    (i, j, k, m)
                    for i in range(a, b)
                    for k in range(c, d)
                    for j in range(i + 1, min(b, i + 7) + 1)
                    for m in range(k + 1, min(d, k + 5) + 1)
                    if self._is_equivalent(self.said[i:j], self.answer[k:m])
                ),
                None,
            )
            if pair is None:
                break
            i, j, k, m = pair
            self.gone.update(range(a, i))
            self.added += [(place, a) for place in range(c, k)]
            a, c = j, m
        self.gone.update(range(a, b))
        self.added += [(place, a) for place in range(c, d)]

    def _is_equivalent(self, said: list[GuardToken], written: list[GuardToken]) -> bool:
        """Return whether two stretches are the same words in two spellings."""
        one, other = said[0], written[0]
        if len(said) == len(written) == 1 and one.forms and other.forms:
            return bool(one.forms & other.forms)
        ends = (said[0], said[-1], written[0], written[-1])
        if any(t.kind == "sound" for t in ends):
            return False
        left, right = "".join(t.word for t in said), "".join(t.word for t in written)
        if left == right and (len(said) > 1 or len(written) > 1):
            return not (any(t.forms for t in said) and any(not t.forms for t in said) and len(left) < 4)
        if len(said) == len(written) == 1 and one.kind == other.kind == "word" and not other.capital:
            return is_misspelling(one.word, other.word)
        if len(written) == 1 and (other.key, tuple(t.key for t in said)) in guard_tables()["asked"]:
            return True
        if len(said) == 1 and (one.key, tuple(t.key for t in written)) in guard_tables()["asked"]:
            return True
        if any(t.forms for t in (*said, *written)):
            return any(t.forms for t in ends) and bool(amount_forms(said) & amount_forms(written))
        return right in self._words and len(said) < 5 and sounds_like(left, right)


def _is_respelled(said: GuardToken, written: GuardToken) -> bool:
    """Return whether two matched words differ in their ending or only sound alike."""
    same = guard_tables()["same"]
    alike = same.get(said.word, said.word) == same.get(written.word, written.word)
    return not alike and said.kind not in ("small", "number", "not", "sound")


def sounds_like(said: str, word: str) -> bool:
    """Return whether `said` may be a misrecognition of `word` (both lower-case letters): at least 0.6 of the letters
    match in order.
    """
    return SequenceMatcher(None, said, word, autojunk=False).ratio() >= 0.6


@cache
def _strip_marks(word: str) -> str:
    return "".join(c for c in word.lower() if c.isalnum())
