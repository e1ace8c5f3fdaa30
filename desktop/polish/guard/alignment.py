"""Align what was said with what was written, word by word. Pure.

Equal stretches are matched first (`desktop.polish.guard.matching`); what is left between them is compared by sound and
value.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from desktop.polish.guard.lists import guard_tables
from desktop.polish.guard.matching import match_stretches
from desktop.polish.guard.omissions import OmissionExplainer
from desktop.polish.guard.other_spellings import may_be_joined, stands_for, strip_marks
from desktop.polish.guard.questions import (
    BEING_KEYS,
    FOREIGN_VERBS,
    answers_question,
    asks_otherwise,
    inverts_question,
    is_agent,
    is_passive,
    loses_attribution,
)
from desktop.polish.guard.small_words import Change, changes_form, find_exchange
from desktop.polish.guard.spelling import is_misspelling, is_slip, sounds_as_participle
from desktop.polish.guard.spoken_amounts import amount_forms
from desktop.polish.guard.tokens import DETERMINER_KEYS, QUESTION_WORDS, GuardToken, link_signs
from desktop.vocabulary.known_forms import is_word

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
    one in the answer of the same word in another spelling; `matched` are the stretches `spoken[a:b]` and `answer[c:d]`
    of the same words, as a, b, c, d. `same` is how many tokens are known to be the same at the beginning and at the
    end.
    """

    def __init__(
        self,
        spoken: list[GuardToken],
        answer: list[GuardToken],
        words: Sequence[str],
        written: str,
        said: str = "",
        same: tuple[int, int] = (0, 0),
    ) -> None:
        self.spoken = spoken
        self.answer = answer
        self.omitted: set[int] = set()
        self.added: list[tuple[int, int]] = []
        self.respelled: list[tuple[int, int]] = []
        self.matched: list[tuple[int, int, int, int]] = []
        self._written = written
        self._said = said
        self._language = next((token.key.partition(":")[0] for token in spoken if ":" in token.key), "")
        self._last_moved = -1  # index of the last word that moved forward: moved words keep their order
        self._words = frozenset(strip_marks(word) for word in words)
        first, last = same
        keys, others = ([t.key for t in tokens[first : len(tokens) - last]] for tokens in (spoken, answer))
        stretches = match_stretches(keys, others, lambda at: spoken[at + first].kind == "sound")
        for is_equal, a, b, c, d in stretches:
            a, b, c, d = a + first, b + first, c + first, d + first
            if is_equal:
                self.matched.append((a, b, c, d))
                self.respelled += [(a + i, c + i) for i in range(b - a) if _is_respelled(spoken[a + i], answer[c + i])]
            else:
                self._match_differing(a, b, c, d)
        self.omitted = {at for at in self.omitted if not _is_contracted_us(spoken, at, answer)}
        self.added = [(index, at) for index, at in self.added if not _is_contracted_us(answer, index, spoken)]

    def find_harm(self) -> str:
        """Return the code of why the answer is not a polish of what was said; empty if it is one."""
        if (
            answers_question(self.spoken, self.omitted, self.answer, self._written)
            or answers_question(self.answer, {index for index, _ in self.added}, self.spoken, self._said)
            or (self._language and inverts_question(self.spoken, self.answer))
            or (self._language and inverts_question(self.answer, self.spoken))
            or asks_otherwise(self._said, self._written, self._language)
        ):
            return "polish-answer-talk"
        spans, unexplained, unexplained_added = self._unexplained
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

    def find_changed_form(self) -> tuple[str, bool]:
        """Return the kind of a small word that was exchanged for one that means something else, and whether a question,
        an obligation, a tense or a quantity was made or lost.
        """
        spans, unexplained, added = self._unexplained
        change = Change(self.spoken, self.answer, self.omitted, added)
        return find_exchange(change, spans.has_cue), changes_form(change, unexplained, self._said, self._written)

    @cached_property
    def _unexplained(self) -> tuple[OmissionExplainer, list[int], list[tuple[int, int]]]:
        """What explains omissions, the indices omitted without a reason, and what was added without one."""
        spans = OmissionExplainer(self.spoken, self.omitted, self._written)
        added = [(index, at) for index, at in self.added if not self._explain_moved_word(index, at, spans)]
        return spans, spans.find_unexplained(), added

    def changes_number_or_negation(self) -> bool:
        """Return whether a number or a negation was omitted or added."""
        return any(
            t.kind in CRITICAL_KINDS
            for t in (*self._omitted_tokens(), *(self.answer[index] for index, _ in self.added))
        )

    def harms_number_or_negation(self) -> bool:
        """Return whether a number or a negation was omitted without a reason, or added."""
        _, unexplained, added = self._unexplained
        tokens = (*(self.spoken[index] for index in unexplained), *(self.answer[index] for index, _ in added))
        return any(t.kind in CRITICAL_KINDS for t in tokens)

    def _loses_attribution(self, unexplained: list[int]) -> bool:
        """Return whether omitted words at `unexplained` (or elsewhere) name who did or said something."""
        if loses_attribution(self.spoken, self.omitted) or any(is_agent(self.spoken, at) for at in unexplained):
            return True
        added_verbs = {at for index, at in self.added if self.answer[index].key in BEING_KEYS}
        return any(is_passive(self.spoken, at) and at not in added_verbs for at in unexplained)

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
                    if self._is_equivalent(i, j, k, m)
                ),
                None,
            )
            if pair is None:
                break
            i, j, k, m = pair
            self.matched.append((i, j, k, m))
            self.omitted.update(range(a, i))
            self.added += [(index, a) for index in range(c, k)]
            a, c = j, m
        self.omitted.update(range(a, b))
        self.added += [(index, a) for index in range(c, d)]

    def _is_equivalent(self, i: int, j: int, k: int, m: int) -> bool:
        """Return whether the stretches `spoken[i:j]` and `answer[k:m]` are the same words in two spellings."""
        spoken, written = self.spoken[i:j], self.answer[k:m]
        first_spoken, first_written = spoken[0], written[0]
        if len(spoken) == len(written) == 1 and first_spoken.forms and first_written.forms:
            return bool(first_spoken.forms & first_written.forms)
        ends = (spoken[0], spoken[-1], written[0], written[-1])
        if any(t.kind == "sound" for t in ends):
            return False
        left, right = "".join(t.word for t in spoken), "".join(t.word for t in written)
        if left == right and (len(spoken) > 1 or len(written) > 1):
            mixes_numbers = any(t.forms for t in spoken) and any(not t.forms for t in spoken) and len(left) < 4
            return not mixes_numbers and may_be_joined(spoken, written, right in self._words)
        if (
            len(spoken) == len(written) == 1
            and first_spoken.kind == "word"
            and first_written.kind in ("word", "firm", "not")
            and not first_written.capital
        ):
            spoken_word, written_word = first_spoken.word, first_written.word
            if ":" in first_spoken.key:
                is_same = is_slip(spoken_word, written_word) or self._is_shortened(i, k)
                return is_same or (self._is_participle(i) and sounds_as_participle(spoken_word, written_word))
            return is_misspelling(spoken_word, written_word) and not (is_word(spoken_word) and is_word(written_word))
        if len(written) == 1 and (first_written.key, tuple(t.key for t in spoken)) in guard_tables()["asked"]:
            return True
        if len(spoken) == 1 and (first_spoken.key, tuple(t.key for t in written)) in guard_tables()["asked"]:
            return True
        if any(t.forms for t in (*spoken, *written)):
            said_forms, written_forms = amount_forms(self.spoken, i, j), amount_forms(self.answer, k, m)
            return any(t.forms for t in ends) and not said_forms.isdisjoint(written_forms)
        if len(spoken) == len(written) == 1 and i and k and self.spoken[i - 1].forms and self.answer[k - 1].forms:
            return bool(sign := link_signs().get(first_spoken.key)) and sign == link_signs().get(first_written.key)
        if len(spoken) == len(written) == 1 and {first_spoken.key, first_written.key} == {"would", "had"}:
            return "d" in (first_spoken.contracted, first_written.contracted)
        return right in self._words and stands_for(spoken, right)

    def _is_participle(self, at: int) -> bool:
        """Return whether the spoken word at an index stands after a French auxiliary, perhaps with a word between."""
        before = self.spoken[max(0, at - 2) : at]
        is_other = any(t.kind == "small" or t.key in DETERMINER_KEYS for t in before[-1:] if t.key not in FOREIGN_VERBS)
        return self._language == "fr" and not is_other and any(token.key in FOREIGN_VERBS for token in before)

    def _is_shortened(self, spoken_at: int, answer_at: int) -> bool:
        """Return whether two words beside "ich" are a German verb with and without its ending: ich geh, ich gehe."""
        one, other = sorted((self.spoken[spoken_at].word, self.answer[answer_at].word), key=len)
        beside = self.spoken[max(0, spoken_at - 1) : spoken_at + 2]
        return one + "e" == other and one[-1] not in "et" and any(token.key == "de:ich" for token in beside)


def _is_contracted_us(part: Sequence[GuardToken], at: int, other: Sequence[GuardToken]) -> bool:
    """Return whether the word at an index is the "us" that is contracted in the other text: let's."""
    is_let = at > 0 and part[at].key == "us" and part[at - 1].key == "let"
    return is_let and any(t.key == "let" and t.contracted for t in other)


def _is_respelled(spoken: GuardToken, written: GuardToken) -> bool:
    """Return whether two matched words differ in their ending or only sound alike."""
    if ":" in spoken.key:  # a key without endings
        return False
    spellings = guard_tables()["same"]
    is_same = spellings.get(spoken.word, spoken.word) == spellings.get(written.word, written.word)
    return not is_same and spoken.kind not in ("small", "number", "not", "sound")
