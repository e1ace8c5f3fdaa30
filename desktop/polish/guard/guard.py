"""Check that an answer still means what was said (`docs/adr/0007`): deterministic, pure, and fast.

The answer is aligned with what was said, word by word (`desktop.polish.guard.tokens`). A polish may omit sounds,
repeats, what the speaker took back, and spoken marks; it may correct marks, capitals and spelling and add a few words
that carry nothing. Everything else that is missing or new is harm, and the rules' text is used instead.
"""

from __future__ import annotations

import re
import string
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence

from desktop.polish.guard.alignment import MIN_KEPT_SHARE, SPARE_WORDS, Alignment
from desktop.polish.guard.corrections import mark_denials
from desktop.polish.guard.language_numbers import choose_guard_language, write_digits
from desktop.polish.guard.rebuilt_sentences import RebuiltSentence
from desktop.polish.guard.sentence_pairs import pair_sentences
from desktop.polish.guard.spelling import find_script
from desktop.polish.guard.tokens import GuardToken, may_have_figures, tokenize

_MODEL_TALK = re.compile(
    r"(?:sure|certainly|of course|okay|ok)[,!.:]? (?:here|i can|i'd|i’d|i'll|i’ll|let me)"
    r"|here(?:'s|’s| is| are) (?:the|your|a)\b.*(?:text|transcript|version)"
    r"|(?:i'm|i’m|i am) (?:sorry|unable|an ai)|as an ai\b"
    r"|i (?:can't|can’t|cannot|can not) (?:help|assist|comply|do\b|provide|fulfil)"
    r"|(?:抱歉|对不起|很抱歉)[,，].*(?:无法|不能)|(?:好的|当然)[,，!！].*(?:以下|这是)",
    re.IGNORECASE,
)
"""How models begin when they speak for themselves."""

MAX_LENGTH_FACTOR, MAX_LENGTH_EXTRA = 1.5, 30
"""Most characters of an answer: this factor times those spoken, plus this many for marks and line breaks."""

MAX_CHANGED_PAIRS = 40_000
"""Most pairs of an omitted word and an added one, 200 of each: a text with more is another."""

_PICTURE = re.compile("[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")
"""A picture among the letters."""

_MUSIC = frozenset("♩♪♫♬♭♯")
"""Pictures that recognition writes for music, which a polish may leave out."""

UNEXCUSABLE_HARM = ("polish-answer-talk", "polish-meaning-reversed")
"""Codes of the harm that no rebuilding of a sentence excuses."""

_WORD_ENDS = string.whitespace + "\u3000，。！？；"
_STOP = re.compile(r"[.!?。！？\n]")
CONTEXT_CHARACTERS = 200
"""Characters on either side of an edit that may explain why a number went."""

MAX_GROUP_CHARACTERS = 1_000
"""Most characters in which edits are judged together."""


def find_harm(spoken: str, answer: str, words: Sequence[str] = (), language: str = "") -> str:
    """Return the code of the message that says what is wrong with `answer` as the polish of `spoken`; empty if nothing
    is.

    `words` are the user's own, in the spelling they want; `language` is the recognizer's code, empty if unknown.
    """
    if not answer.strip():
        return "polish-answer-empty"
    if (opening := _MODEL_TALK.match(answer)) and not _are_known(tokenize(spoken), tokenize(opening.group())):
        return "polish-answer-talk"
    if len(answer) > MAX_LENGTH_FACTOR * len(spoken) + MAX_LENGTH_EXTRA:
        return "polish-answer-too-long"
    if (script := find_script(answer)) and script != find_script(spoken) and find_script(spoken):
        return "polish-language-changed"
    if harm := _find_picture_harm(spoken, answer):
        return harm
    if code := choose_guard_language(language, spoken):
        spoken, answer = write_digits(spoken, code), write_digits(answer, code)
    answer_tokens = tokenize(answer, code)
    spoken_tokens = mark_denials(tokenize(spoken, code), answer_tokens)
    if spoken_tokens and not answer_tokens:
        return "polish-answer-empty"
    spoken_keys = {token.key for token in spoken_tokens}
    own = frozenset(part for word in words for part in word.lower().split())
    answer_content = [token for token in answer_tokens if token.kind not in ("small", "sound")]
    if (
        sum(token.key in spoken_keys or token.word in own for token in answer_content)
        < (1 - MIN_KEPT_SHARE) * len(answer_content) - SPARE_WORDS
    ):
        return "polish-words-replaced"
    alignment = Alignment(spoken_tokens, answer_tokens, words, answer, spoken)
    if len(alignment.omitted) * len(alignment.added) > MAX_CHANGED_PAIRS:
        return "polish-words-replaced"
    harm, is_corrected = _judge(alignment, answer)
    if harm or not is_corrected:
        return harm
    pairs = pair_sentences(alignment, answer)
    found = (_judge(Alignment(*pair, words, answer, spoken), answer)[0] for pair in pairs) if len(pairs) > 1 else ()
    return next(filter(None, found), "")


def _judge(alignment: Alignment, written: str) -> tuple[str, bool]:
    """Return the code of what is wrong with an answer, whose text is `written`, and whether the speaker took something
    back. A correction may excuse what would be harm elsewhere.
    """
    harm = alignment.find_harm()
    exchanged_kind, is_reformed = alignment.find_changed_form()
    harm = harm or ("polish-words-replaced" if exchanged_kind or is_reformed else "")
    rebuilt_sentence = RebuiltSentence(alignment.spoken, alignment.answer, written)
    is_corrected = rebuilt_sentence.is_corrected(alignment.omitted)
    if harm in UNEXCUSABLE_HARM or exchanged_kind not in ("", "verbs"):
        return harm, is_corrected
    if (is_reformed or exchanged_kind) and not is_corrected:
        return harm, is_corrected
    if not harm:
        return "polish-negation-changed" if rebuilt_sentence.ignores_correction() else "", is_corrected
    return "" if rebuilt_sentence.is_harmless(is_corrected) else harm, is_corrected


def keep_safe_edits[Edit: tuple[int, int, str, float]](text: str, edits: Sequence[Edit]) -> list[Edit]:
    """Return those of `edits` (`desktop.polish.rules.edit.RuleEdit`, in order) that neither lose nor make a number or a
    negation, except a repeat or what the speaker took back.

    An edit that does so by itself stays if the edits near it make up for it: a correction moves the last words to the
    place of what they correct. Only what is near is compared, so that a long text takes as long as its parts.
    """
    doubtful = [edit for edit in edits if _harms_numbers(text, [edit])]
    if not doubtful or len(edits) == 1:
        return [] if doubtful else list(edits)
    starts, doubted, refused = [edit[0] for edit in edits], set(doubtful), set[Edit]()
    groups = list(_group_near(text, doubtful))
    while groups:
        group = groups.pop()
        start, end = group[0][0] - CONTEXT_CHARACTERS, group[-1][1] + CONTEXT_CHARACTERS
        beside = edits[bisect_right(starts, start) : bisect_left(starts, end)]
        near = [edit for edit in beside if edit in group or (edit not in doubted and edit[1] < end)]
        if not _harms_numbers(text, near):
            continue
        half = len(group) // 2
        if half:
            groups += (group[:half], group[half:])
        else:
            refused.update(group)
    return [edit for edit in edits if edit not in refused]


def _group_near[Edit: tuple[int, int, str, float]](text: str, edits: Sequence[Edit]) -> Iterator[list[Edit]]:
    """Yield edits that are judged together: those of one sentence, or of a few short ones."""
    group: list[Edit] = []
    for edit in edits:
        if group:
            gap, extent = edit[0] - group[-1][1], edit[0] - group[0][0]
            is_parted = gap > CONTEXT_CHARACTERS or extent > MAX_GROUP_CHARACTERS
            if is_parted or (extent > CONTEXT_CHARACTERS and _STOP.search(text, group[-1][1], edit[0])):
                yield group
                group = []
        group.append(edit)
    yield group


def _harms_numbers(text: str, edits: Sequence[tuple[int, int, str, float]]) -> bool:
    """Return whether `edits` lose or make a number or a negation."""
    start, end = edits[0][0], edits[-1][1]
    first, last = (
        max(0, start - CONTEXT_CHARACTERS),
        min(len(text), end + CONTEXT_CHARACTERS),
    )
    while start > first and text[start - 1] not in _WORD_ENDS:
        start -= 1
    while end < last and text[end] not in _WORD_ENDS:
        end += 1
    old, new = text[start:end], _apply_edits(text, edits, start, end)
    if (
        _normalize_times(old) == _normalize_times(new)
        or not (may_have_figures(old) or may_have_figures(new))
        or not Alignment(tokenize(old), tokenize(new), (), new).changes_number_or_negation()
    ):
        return False
    before, after = text[max(0, start - CONTEXT_CHARACTERS) : start], text[end : end + CONTEXT_CHARACTERS]
    spoken, written = before + old + after, before + new + after
    spoken_tokens, written_tokens = tokenize(spoken), tokenize(written)
    first = sum(token.at < len(before) for token in spoken_tokens)
    last = sum(token.at >= len(before + old) for token in spoken_tokens)
    same = (
        _count_same(spoken_tokens[:first], written_tokens),
        _count_same(spoken_tokens[len(spoken_tokens) - last :][::-1], written_tokens[first:][::-1]),
    )
    return Alignment(spoken_tokens, written_tokens, (), written, same=same).harms_number_or_negation()


def _count_same(tokens: Sequence[GuardToken], others: Sequence[GuardToken]) -> int:
    """Return how many tokens are the same from the beginning on."""
    pairs = enumerate(zip(tokens, others, strict=False))
    return next((count for count, (one, other) in pairs if one.key != other.key), min(len(tokens), len(others)))


def _normalize_times(text: str) -> str:
    """Return `text` with its times of day in one form: 3.30 pm and 3 30 p.m. become 3:30 p.m."""
    return re.sub(r"(?<=\d)[. :]?(\d\d) ?([ap])\.?m\b\.?", r":\1 \2m", text.lower())


def _apply_edits(text: str, edits: Sequence[tuple[int, int, str, float]], at: int, end: int) -> str:
    parts = []
    for start, edit_end, new, _ in edits:
        parts += [text[at:start], new]
        at = edit_end
    return "".join((*parts, text[at:end]))


def _find_picture_harm(spoken: str, answer: str) -> str:
    """Return the code of what is wrong with the pictures of `answer`: they are those that were called for."""
    said, written = _count_pictures(spoken), _count_pictures(answer)
    if written - said:
        return "polish-words-added"
    return "polish-words-missing" if set(said - written) - _MUSIC else ""


def _count_pictures(text: str) -> Counter[str]:
    return Counter(_PICTURE.findall(text))


def _are_known(spoken: list[GuardToken], part: list[GuardToken]) -> bool:
    return {token.key for token in part} <= {token.key for token in spoken}
