"""Align what was said with what was written, word by word. Pure.

The longest equal stretches are matched first (Ratcliff and Obershelp's algorithm, `difflib`), which keeps the last of
two repeated phrases; what is left between them is compared by sound and value.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cache

from desktop.polish.guard.omissions import ASKS, Spans
from desktop.polish.guard.questions import BEING, agent, asserted, unattributed, undergone
from desktop.polish.guard.spelling import slip
from desktop.polish.guard.spoken_amounts import amounts
from desktop.polish.guard.tokens import Token, table

SPARE, PER = 3, 12
"""Number of small words that may be added, and as many omitted, plus one more for every `WORDS_PER_SPARE_WORD` spoken
words.
"""

FIGURES = ("number", "not")

SEARCHED = 400
"""Most pairs of words in two differing stretches that are searched for one word in two spellings."""

KEPT = 0.5
"""Least share of the content words of an answer that must have been said; below it the answer is a different text."""


class Comparison:
    """The alignment of spoken tokens with an answer.

    `gone` are the indices in `said` that are missing from the answer; `added` are pairs of an index in the answer that
    was not said and the index in `said` where it would stand.
    """

    def __init__(self, said: list[Token], answer: list[Token], words: Sequence[str], written: str) -> None:
        self.said = said
        self.answer = answer
        self.gone: set[int] = set()
        self.came: list[tuple[int, int]] = []
        self.respelled: list[tuple[int, int]] = []
        self._written = written
        self._taken = -1  # index of the last word that moved forward: moved words keep their order
        self._words = frozenset(_bare(word) for word in words)
        matcher = SequenceMatcher(None, [t.key for t in said], [t.key for t in answer], autojunk=False)
        for kind, a, b, c, d in matcher.get_opcodes():
            if kind == "equal":
                self.respelled += [(a + i, c + i) for i in range(b - a) if _unlike(said[a + i], answer[c + i])]
            else:
                self._differing(a, b, c, d)

    def harm(self) -> str:
        """Return what is wrong with the answer, as the end of a sentence; empty if nothing is."""
        if self._turned():
            return ""
        if asserted(self.said, self.gone, self.answer, self._written):
            return "answered instead"
        spans = Spans(self.said, self.gone, self._written)
        came = [(place, at) for place, at in self.came if not self._moved(place, at, spans)]
        places = spans.unexplained()
        lost = [self.said[place] for place in places]
        new = [self.answer[place] for place, _ in came]
        spare = SPARE + len(self.said) // PER
        heavy = [token for token in self.answer if token.kind not in ("small", "sound")]
        asks = any(token.key in ASKS for token in new)
        gone = [t for t in lost if t.kind not in ("small", "sound") or (t.key in ASKS and not asks)]
        added = [token for token in new if token.kind not in ("small", "sound")]
        if spans.corrected:  # the sentence may have been rebuilt from the same words
            taken = [token.key for token in self._gone()]
            added = [token for token in added if token.kind != "word" or token.key not in taken]
        if len(added) > (1 - KEPT) * len(heavy):
            return "wrote other words"
        for kind, change in (("number", "changed a number"), ("not", "changed a negation"), ("name", "changed a name")):
            if any(token.kind == kind for token in (*gone, *added)):
                return change
        if self._renamed():
            return "changed a name"
        if any(frozenset((one.key, other.key)) in table()["opposites"] for one in self._gone() for other in new):
            return "wrote the opposite"
        passive = any(agent(self.answer, place) for place, _ in came)
        if added or passive:
            return "wrote other words" if gone else "added words"
        if gone or self._unsaid(places):
            return "left something out"
        if len([t for t in new if t.kind == "small"]) > spare or len([t for t in lost if t.kind == "small"]) > spare:
            return "wrote other words"
        return "wrote other words" if len(self.respelled) > spare else ""

    def touches(self) -> bool:
        """Return whether a number or a negation was omitted or added."""
        return any(t.kind in FIGURES for t in (*self._gone(), *(self.answer[place] for place, _ in self.came)))

    def figures(self) -> bool:
        """Return whether a number or a negation was omitted without a reason, or added."""
        spans = Spans(self.said, self.gone, self._written)
        came = [self.answer[place] for place, at in self.came if not self._moved(place, at, spans)]
        lost = spans.unexplained()
        return any(t.kind in FIGURES for t in (*(self.said[place] for place in lost), *came))

    def _unsaid(self, places: list[int]) -> bool:
        """Return whether omitted words at `places` (or elsewhere) name who did or said something."""
        if unattributed(self.said, self.gone) or any(agent(self.said, at) for at in places):
            return True
        came = {at for place, at in self.came if self.answer[place].key in BEING}
        return any(undergone(self.said, at) and at not in came for at in places)

    def _turned(self) -> bool:
        """Return whether only the halves of a question were swapped: in Rome who was king."""
        asks = ASKS & {t.key for t in self.said} & {t.key for t in self.answer}
        one, other = ([t.key for t in part if t.kind not in ("small", "sound")] for part in (self.said, self.answer))
        if not asks or len(one) != len(other) or len(one) < 2 or sorted(one) != sorted(other):
            return False
        named = [[t.key for t in part if t.kind in ("name", "number", "not")] for part in (self.said, self.answer)]
        return named[0] == named[1] and any(one[cut:] + one[:cut] == other for cut in range(1, len(one)))

    def _gone(self) -> list[Token]:
        return [self.said[place] for place in self.gone]

    def _renamed(self) -> bool:
        """Return whether a word that may be a name got another ending: Robert is not Roberts."""
        for place, at in self.respelled:
            said, written = self.said[place], self.answer[at]
            if said.kind != "small" and (written.capital or (said.capital and not said.first)):
                return True
        return False

    def _moved(self, place: int, at: int, spans: Spans) -> bool:
        """Return whether an added word was said behind a correction cue and replaces what was taken back."""
        key = self.answer[place].key
        if self.answer[place].kind == "not":
            return False
        if at in self.gone and spans.takes_back(at):
            return False
        if self.answer[place].kind == "name" and not (at in self.gone and self.said[at].kind in ("name", "word")):
            return False
        light = self.answer[place].kind in ("word", "small")
        found = next(
            (
                q
                for q in sorted(self.gone)
                if self.said[q].key == key
                and ((q > self._taken and spans.cue(at, q)) if q > at else (light and spans.cue(q, at)))
            ),
            None,
        )
        if found is None or (self.answer[place].kind == "name" and self._crosses(at, found)):
            return False
        self.gone.discard(found)
        self._taken = found if found > at else self._taken
        spans.replaced(at)
        return True

    def _crosses(self, at: int, found: int) -> bool:
        """Return whether a name that is still in its place stands between two indices."""
        return any(self.said[i].kind == "name" and i not in self.gone for i in range(at, found))

    def _differing(self, a: int, b: int, c: int, d: int) -> None:
        """Match what is equivalent in two differing stretches; record the rest as gone and added."""
        while a < b and (b - a) * (d - c) <= SEARCHED:
            pair = next(
                (
                    (i, j, k, m)
                    for i in range(a, b)
                    for k in range(c, d)
                    for j in range(i + 1, min(b, i + 7) + 1)
                    for m in range(k + 1, min(d, k + 5) + 1)
                    if self._alike(self.said[i:j], self.answer[k:m])
                ),
                None,
            )
            if pair is None:
                break
            i, j, k, m = pair
            self.gone.update(range(a, i))
            self.came += [(place, a) for place in range(c, k)]
            a, c = j, m
        self.gone.update(range(a, b))
        self.came += [(place, a) for place in range(c, d)]

    def _alike(self, said: list[Token], written: list[Token]) -> bool:
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
            return slip(one.word, other.word)
        if len(written) == 1 and (other.key, tuple(t.key for t in said)) in table()["asked"]:
            return True
        if len(said) == 1 and (one.key, tuple(t.key for t in written)) in table()["asked"]:
            return True
        if any(t.forms for t in (*said, *written)):
            return any(t.forms for t in ends) and bool(amounts(said) & amounts(written))
        return right in self._words and len(said) < 5 and sounds_like(left, right)


def _unlike(said: Token, written: Token) -> bool:
    """Return whether two matched words differ in their ending or only sound alike."""
    same = table()["same"]
    alike = same.get(said.word, said.word) == same.get(written.word, written.word)
    return not alike and said.kind not in ("small", "number", "not", "sound")


def sounds_like(said: str, word: str) -> bool:
    """Return whether `said` may be a misrecognition of `word` (both lower-case letters): at least 0.6 of the letters
    match in order.
    """
    return SequenceMatcher(None, said, word, autojunk=False).ratio() >= 0.6


@cache
def _bare(word: str) -> str:
    return "".join(c for c in word.lower() if c.isalnum())
