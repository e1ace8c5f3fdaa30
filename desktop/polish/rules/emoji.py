"""Write emoji that are called by name: "great job, thumbs up emoji", 太好了，竖大拇指表情.

A name is only one with its cue behind it, and only where the text does not talk about the emoji: "the fire emoji is
overused", "send a heart emoji", "our logo, rocket emoji, is new". There a word stands before it that no clause ends in,
or one behind it that no clause begins with; then every emoji of the sentence stays words. The Chinese cue 表情 is a
common noun, so that it needs a pause on both sides. A spoken mark is a pause.

An emoji follows the text before it, without the comma that recognition wrote for the pause, and ends it, without the
full stop. A question or exclamation mark behind it is that of the text before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from desktop.core.text import HAN
from desktop.polish.rules.edit import RuleContext, RuleEdit
from desktop.polish.rules.emoji_names import (
    MAX_NAME_CHARACTERS,
    MAX_NAME_WORDS,
    emoji_words,
    find_chinese,
    find_english,
)
from desktop.polish.rules.spelled_letters import SPOKEN_MARK

_CUE = re.compile(
    rf"(?<![^\W{HAN}])(?P<english>(?:(?:e-?|the )?moji|emoticon)(?P<many>s)?)(?![^\W{HAN}]|['’-]\w)"
    rf"|(?P<strong>表情符[号號])|(?P<weak>表情)(?!符[号號]|包)",
    re.IGNORECASE,
)
"""Words behind a name; "moji" and "the moji" are what recognition hears of the word where its e was swallowed."""

_MAY_HAVE_CUE = re.compile("moji|emoticon|表情", re.IGNORECASE)
_HAN = re.compile(f"[{HAN}]")
_WORD = re.compile(rf"[^\W_{HAN}]+(?:['’-][^\W_{HAN}]+)*")
_HAN_RUN = re.compile(rf"[{HAN}A-Za-z]+\Z")
_PAUSE = frozenset(",.;:!?…–—，。！？；：、\n(（")
_ENDS = _PAUSE | frozenset(("", ")", "）"))
_STOP = re.compile(r"[.!?。！？\n]")
_COMMAS, _FULL_STOPS, _RAISED = frozenset(",，、"), frozenset(".。…"), frozenset("!?！？")
_OPENING = frozenset("(（\n")
_WIDE = frozenset("，。！？；：、（")
_CLITIC = re.compile(r"(?:['’](?:s|re|m|ve|ll|d)|n['’]t)\Z", re.IGNORECASE)
"""The end of "where's", after which a name is part of what is said."""

_TONE = "skin tone"


@dataclass(frozen=True, slots=True)
class _Called:
    """An emoji that may be meant by `text[start:end]`, its name and its cue."""

    start: int
    end: int
    emoji: str


def edit_emoji(text: str, context: RuleContext) -> Iterator[RuleEdit]:
    """Write emoji for their names with the word "emoji"."""
    if _MAY_HAVE_CUE.search(text) is None:
        return
    called: list[_Called] = []
    talked: set[int] = set()
    for cue in _CUE.finditer(text):
        one = _find_called(text, cue)
        before = called[-1] if called and one and _is_pause(text[called[-1].end : one.start]) else None
        if one is not None and _is_meant(text, one, cue, follows_emoji=before is not None):
            called.append(one)
        else:
            talked.add(_sentence_of(text, cue.start()))
    meant = [one for one in called if _sentence_of(text, one.start) not in talked]
    for chain in _group_chains(text, meant):
        yield _write_chain(text, chain)


def _find_called(text: str, cue: re.Match[str]) -> _Called | None:
    """Return the emoji with the longest name that ends at `cue`."""
    if cue["many"]:
        return None
    end = cue.start()
    while end and text[end - 1] == " ":
        end -= 1
    if not cue["english"] or _HAN.match(text, end - 1):
        is_noun = cue["weak"] and not _may_end(text, cue.end())
        found = None if is_noun else _find_chinese_name(text, end)
    else:
        found = _find_english_name(text, end)
    return _Called(found[0], cue.end(), found[1]) if found else None


def _may_end(text: str, end: int) -> bool:
    """Return whether no word stands at `end`, or another cue follows soon: 表情 is mostly a noun."""
    after = text[end:].lstrip(" ")[: MAX_NAME_CHARACTERS + 2]
    return after[:1] in _ENDS or "表情" in after or SPOKEN_MARK.match(after) is not None


def _find_english_name(text: str, end: int) -> tuple[int, str] | None:
    words = list(_WORD.finditer(text, max(0, end - 20 * MAX_NAME_WORDS), end))[-MAX_NAME_WORDS:]
    if not words or words[-1].end() != end:
        return None
    gaps = [text[one.end() : other.start()] for one, other in pairwise(words)]
    for at, word in enumerate(words):
        name = " ".join(one.group() for one in words[at:])
        allowed = (" ", ", ") if _TONE in name.lower() else (" ",)
        if all(gap in allowed for gap in gaps[at:]) and (emoji := find_english(name)):
            return word.start(), emoji
    return None


def _find_chinese_name(text: str, end: int) -> tuple[int, str] | None:
    run = _HAN_RUN.search(text, max(0, end - MAX_NAME_CHARACTERS), end)
    if run is None:
        return None
    name = run.group()
    simplified = _simplify(name)
    for at in range(len(name) if len(simplified) == len(name) else 0):
        if emoji := find_chinese(simplified[at:]):
            return run.start() + at, emoji
    return None


def _simplify(name: str) -> str:
    """Return `name` in simplified characters."""
    from desktop.stt.chinese_script import convert_to_script

    return convert_to_script(name, "zh", "simplified")


def _is_meant(text: str, one: _Called, cue: re.Match[str], *, follows_emoji: bool) -> bool:
    """Return whether the emoji is called, and not talked about."""
    before, after = text[: one.start].rstrip(" "), text[one.end :].lstrip(" ")
    starts = follows_emoji or not before or before[-1] in _PAUSE
    ends = after[:1] in _ENDS or SPOKEN_MARK.match(after) is not None
    if cue["weak"]:
        return starts and (ends or _continues_chain(text, one.end))
    if not starts:
        if _HAN.match(before[-1]):
            if before[-1] in emoji_words("zh", "before") or len(_HAN.findall(text[one.start : cue.start()])) == 1:
                return False
        elif _follows_talk(before):
            return False
    if ends or _continues_chain(text, one.end):
        return not _goes_on(after)
    following = _WORD.match(after) if cue["english"] else None
    return following is not None and _bare(following.group()) in emoji_words("en", "begins")


def _continues_chain(text: str, end: int) -> bool:
    """Return whether another name with its cue begins at `end`."""
    cue = _CUE.search(text, end)
    following = _find_called(text, cue) if cue else None
    return following is not None and not text[end : following.start].strip(" ")


def _follows_talk(before: str) -> bool:
    """Return whether what is directly before an English name shows that emoji are talked about."""
    words = [_bare(word) for word in _WORD.findall(before[-40:])]
    if not words or not before[-1].isalnum() or words[-1] in emoji_words("en", "before"):
        return True
    last, earlier = words[-1], words[-2] if len(words) > 1 else ""
    if last in emoji_words("en", "orders"):
        return earlier not in emoji_words("en", "nominal")
    if _CLITIC.search(before):
        return True
    return last in ("it", "that", "them") and earlier in emoji_words("en", "naming")


def _goes_on(after: str) -> bool:
    """Return whether a comma and a verb follow, so that the emoji is what the sentence is about."""
    words = [_bare(word) for word in _WORD.findall(after[:40])[:2]] if after[:1] == "," else []
    return bool(words) and words[0] in emoji_words("en", "goes_on") and words[-1] not in emoji_words("en", "begins")


def _bare(word: str) -> str:
    return word.lower().replace("’", "").replace("'", "")


def _sentence_of(text: str, at: int) -> int:
    """Return the start of the sentence of the character `at`."""
    return max((stop.end() for stop in _STOP.finditer(text, 0, at)), default=0)


def _is_pause(between: str) -> bool:
    return all(mark in _PAUSE or mark == " " for mark in between) and not _OPENING.intersection(between)


def _group_chains(text: str, called: Sequence[_Called]) -> Iterator[list[_Called]]:
    """Yield groups of emoji with nothing but pauses between them."""
    chain: list[_Called] = []
    for one in called:
        if chain and not _is_pause(text[chain[-1].end : one.start]):
            yield chain
            chain = []
        chain.append(one)
    if chain:
        yield chain


def _write_chain(text: str, chain: Sequence[_Called]) -> RuleEdit:
    """Return the edit that writes a chain in the place of its words and of the marks that set it off."""
    start, end = chain[0].start, chain[-1].end
    while start and (text[start - 1] == " " or text[start - 1] in _COMMAS):
        start -= 1
    before = text[start - 1 : start]
    opens = before in _OPENING or not before
    mark_start = end
    while end < len(text) and (text[end] in _FULL_STOPS or text[end] in _RAISED):
        end += 1
    marks = text[mark_start:end].strip(".。…")
    comma = ""
    if text[end : end + 1] and text[end] in _COMMAS:
        comma = "" if opens or _STOP.match(before) else text[end]
        end += 1
    space = "" if opens or before in _WIDE or _HAN.match(before) else " "
    emoji = "".join(one.emoji for one in chain)
    raised = marks if marks and not opens and not _STOP.match(before) else ""
    new = raised + space + emoji + (marks if opens else "") + comma
    after = text[end:].lstrip(" ")
    if not after or after[0] in "\n)）":
        return RuleEdit(start, end, new)
    end = len(text) - len(after)
    spaced = not (_HAN.match(after) and (opens or not space)) and not (comma and comma in _WIDE)
    new += " " if spaced and (after[0].isalnum() or after[0] not in _PAUSE) else ""
    if (opens or _STOP.match(before)) and text[chain[0].start].isupper() and after[0].islower():
        return RuleEdit(start, end + 1, new + after[0].upper())
    return RuleEdit(start, end, new)
