"""Align what was said with what was written, word by word. Pure.

The longest equal stretches are matched first (Ratcliff and Obershelp's algorithm, `difflib`), which keeps the last of
two repeated phrases; what is left between them is compared by sound and value.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cache

from desktop.polish.guard.omissions import OmissionExplainer
from desktop.polish.guard.questions import BEING_KEYS, answers_question, is_agent, is_passive, loses_attribution
from desktop.polish.guard.spelling import is_misspelling
from desktop.polish.guard.spoken_amounts import amount_forms
from desktop.polish.guard.tokens import QUESTION_WORDS, GuardToken, guard_tables

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

    `omitted` are the indices in `spoken` that are missing from the answer; `added` are pairs of an index in the answer
    that was not said and the index in `spoken` where it would stand; `respelled` are pairs of an index in `spoken` and
    one in the answer of the same word in another spelling.
    """

    def __init__(self, spoken: list[GuardToken], answer: list[GuardToken], words: Sequence[str], written: str) -> None:
        self.spoken = spoken
        self.answer = answer
        self.omitted: set[int] = set()
        self.added: list[tuple[int, int]] = []
        self.respelled: list[tuple[int, int]] = []
        self._written = written
        self._last_moved = -1  # index of the last word that moved forward: moved words keep their order
        self._words = frozenset(_strip_marks(word) for word in words)
        matcher = SequenceMatcher(None, [t.key for t in spoken], [t.key for t in answer], autojunk=False)
        for kind, a, b, c, d in matcher.get_opcodes():
            if kind == "equal":
                self.respelled += [(a + i, c + i) for i in range(b - a) if _is_respelled(spoken[a + i], answer[c + i])]
            else:
                self._match_differing(a, b, c, d)

    def find_harm(self) -> str:
        """Return the code of why the answer is not a polish of what was said; empty if it is one."""
        if self._is_swapped_question():
            return ""
        if answers_question(self.spoken, self.omitted, self.answer, self._written):
            return "polish-answer-talk"
        spans = OmissionExplainer(self.spoken, self.omitted, self._written)
        unexplained_added = [(index, at) for index, at in self.added if not self._explain_moved_word(index, at, spans)]
        unexplained = spans.find_unexplained()
        omitted_tokens = [self.spoken[index] for index in unexplained]
        added_tokens = [self.answer[index] for index, _ in unexplained_added]
        spare = SPARE_WORDS + len(self.spoken) // WORDS_PER_SPARE_WORD
        answer_content = [token for token in self.answer if token.kind not in ("small", "sound")]
        asks_anew = any(token.key in QUESTION_WORDS for token in added_tokens)
        omitted = [
            t for t in omitted_tokens if t.kind not in ("small", "sound") or (t.key in QUESTION_WORDS and not asks_anew)
        ]
        added = [token for token in added_tokens if token.kind not in ("small", "sound")]
        if spans.has_correction:  # the sentence may have been rebuilt from the same words
            taken_back_keys = [token.key for token in self._omitted_tokens()]
            added = [token for token in added if token.kind != "word" or token.key not in taken_back_keys]
        if len(added) > (1 - MIN_KEPT_SHARE) * len(answer_content):
            return "polish-words-replaced"
        for kind, change in (
            ("number", "polish-number-changed"),
            ("not", "polish-negation-changed"),
            ("name", "polish-name-changed"),
        ):
            if any(token.kind == kind for token in (*omitted, *added)):
                return change
        if self._changes_name():
            return "polish-name-changed"
        if any(
            frozenset((lost.key, other.key)) in guard_tables()["opposites"]
            for lost in self._omitted_tokens()
            for other in added_tokens
        ):
            return "polish-meaning-reversed"
        has_agent = any(is_agent(self.answer, index) for index, _ in unexplained_added)
        if added or has_agent:
            return "polish-words-replaced" if omitted else "polish-words-added"
        if omitted or self._loses_attribution(unexplained):
            return "polish-words-missing"
        if (
            len([t for t in added_tokens if t.kind == "small"]) > spare
            or len([t for t in omitted_tokens if t.kind == "small"]) > spare
        ):
            return "polish-words-replaced"
        return "polish-words-replaced" if len(self.respelled) > spare else ""

    def changes_number_or_negation(self) -> bool:
        """Return whether a number or a negation was omitted or added."""
        return any(
            t.kind in CRITICAL_KINDS
            for t in (*self._omitted_tokens(), *(self.answer[index] for index, _ in self.added))
        )

    def harms_number_or_negation(self) -> bool:
        """Return whether a number or a negation was omitted without a reason, or added."""
        spans = OmissionExplainer(self.spoken, self.omitted, self._written)
        unexplained_added = [
            self.answer[index] for index, at in self.added if not self._explain_moved_word(index, at, spans)
        ]
        unexplained = spans.find_unexplained()
        return any(
            t.kind in CRITICAL_KINDS for t in (*(self.spoken[index] for index in unexplained), *unexplained_added)
        )

    def _loses_attribution(self, unexplained: list[int]) -> bool:
        """Return whether omitted words at `unexplained` (or elsewhere) name who did or said something."""
        if loses_attribution(self.spoken, self.omitted) or any(is_agent(self.spoken, at) for at in unexplained):
            return True
        added_verbs = {at for index, at in self.added if self.answer[index].key in BEING_KEYS}
        return any(is_passive(self.spoken, at) and at not in added_verbs for at in unexplained)

    def _is_swapped_question(self) -> bool:
        """Return whether only the halves of a question were swapped: in Rome who was king."""
        is_question = QUESTION_WORDS & {t.key for t in self.spoken} & {t.key for t in self.answer}
        spoken_content, answer_content = (
            [t.key for t in part if t.kind not in ("small", "sound")] for part in (self.spoken, self.answer)
        )
        if (
            not is_question
            or len(spoken_content) != len(answer_content)
            or len(spoken_content) < 2
            or sorted(spoken_content) != sorted(answer_content)
        ):
            return False
        strict_keys = [
            [t.key for t in part if t.kind in ("name", "number", "not")] for part in (self.spoken, self.answer)
        ]
        return strict_keys[0] == strict_keys[1] and any(
            spoken_content[cut:] + spoken_content[:cut] == answer_content for cut in range(1, len(spoken_content))
        )

    def _omitted_tokens(self) -> list[GuardToken]:
        return [self.spoken[index] for index in self.omitted]

    def _changes_name(self) -> bool:
        """Return whether a word that may be a name got another ending: Robert is not Roberts."""
        for spoken_at, answer_at in self.respelled:
            spoken, written = self.spoken[spoken_at], self.answer[answer_at]
            if spoken.kind != "small" and (written.capital or (spoken.capital and not spoken.first)):
                return True
        return False

    def _explain_moved_word(self, answer_at: int, at: int, spans: OmissionExplainer) -> bool:
        """Return whether an added word was said behind a correction cue and replaces what was taken back."""
        key = self.answer[answer_at].key
        if self.answer[answer_at].kind == "not":
            return False
        if at in self.omitted and spans.has_own_cue(at):
            return False
        if self.answer[answer_at].kind == "name" and not (
            at in self.omitted and self.spoken[at].kind in ("name", "word")
        ):
            return False
        is_light = self.answer[answer_at].kind in ("word", "small")
        spoken_at = next(
            (
                index
                for index in sorted(self.omitted)
                if self.spoken[index].key == key
                and (
                    (index > self._last_moved and spans.has_cue(at, index))
                    if index > at
                    else (is_light and spans.has_cue(index, at))
                )
            ),
            None,
        )
        if spoken_at is None or (self.answer[answer_at].kind == "name" and self._crosses_name(at, spoken_at)):
            return False
        self.omitted.discard(spoken_at)
        self._last_moved = spoken_at if spoken_at > at else self._last_moved
        spans.mark_replaced(at)
        return True

    def _crosses_name(self, at: int, spoken_at: int) -> bool:
        """Return whether a name that is still in its place stands between two indices."""
        return any(self.spoken[i].kind == "name" and i not in self.omitted for i in range(at, spoken_at))

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
                    if self._is_equivalent(self.spoken[i:j], self.answer[k:m])
                ),
                None,
            )
            if pair is None:
                break
            i, j, k, m = pair
            self.omitted.update(range(a, i))
            self.added += [(index, a) for index in range(c, k)]
            a, c = j, m
        self.omitted.update(range(a, b))
        self.added += [(index, a) for index in range(c, d)]

    def _is_equivalent(self, spoken: list[GuardToken], written: list[GuardToken]) -> bool:
        """Return whether two stretches are the same words in two spellings."""
        first_spoken, first_written = spoken[0], written[0]
        if len(spoken) == len(written) == 1 and first_spoken.forms and first_written.forms:
            return bool(first_spoken.forms & first_written.forms)
        ends = (spoken[0], spoken[-1], written[0], written[-1])
        if any(t.kind == "sound" for t in ends):
            return False
        left, right = "".join(t.word for t in spoken), "".join(t.word for t in written)
        if left == right and (len(spoken) > 1 or len(written) > 1):
            return not (any(t.forms for t in spoken) and any(not t.forms for t in spoken) and len(left) < 4)
        if (
            len(spoken) == len(written) == 1
            and first_spoken.kind == first_written.kind == "word"
            and not first_written.capital
        ):
            return is_misspelling(first_spoken.word, first_written.word)
        if len(written) == 1 and (first_written.key, tuple(t.key for t in spoken)) in guard_tables()["asked"]:
            return True
        if len(spoken) == 1 and (first_spoken.key, tuple(t.key for t in written)) in guard_tables()["asked"]:
            return True
        if any(t.forms for t in (*spoken, *written)):
            return any(t.forms for t in ends) and bool(amount_forms(spoken) & amount_forms(written))
        return right in self._words and len(spoken) < 5 and sounds_like(left, right)


def _is_respelled(spoken: GuardToken, written: GuardToken) -> bool:
    """Return whether two matched words differ in their ending or only sound alike."""
    spellings = guard_tables()["same"]
    is_same = spellings.get(spoken.word, spoken.word) == spellings.get(written.word, written.word)
    return not is_same and spoken.kind not in ("small", "number", "not", "sound")


def sounds_like(spoken: str, word: str) -> bool:
    """Return whether `spoken` may be a misrecognition of `word` (both lower-case letters): at least 0.6 of the letters
    match in order.
    """
    return SequenceMatcher(None, spoken, word, autojunk=False).ratio() >= 0.6


@cache
def _strip_marks(word: str) -> str:
    return "".join(c for c in word.lower() if c.isalnum())
