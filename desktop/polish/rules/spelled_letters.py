"""Read letters that are spelled: K-U-C-E-R-A, "kilo uniform", "S, C, H, double T". Pure.

Recognition writes them apart, with hyphens, commas or full stops, as one word in capitals, or as words that sound like
their names. Capitals say nothing of the word, unless "capital" was said. What may be a word and no letter (a, I, oh,
you) is a letter among letters, and at their end only where nothing speaks for the word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from desktop.core.files import read_package_toml
from desktop.core.text import HAN

MIN_LETTERS = 2
"""Fewest letters that are a spelling."""

MIN_WORD_CAPITALS = 3
"""Fewest letters of a word in capitals that may be a spelling by itself: OK is none."""

MIN_BEFORE_WORD = 4
"""Fewest letters that a word may follow without a pause, if it is none of those that follow a name."""

_ARTICLES = frozenset(("a", "an"))
SPOKEN_MARK = re.compile(
    r"(?:period|full stop|comma|(?:question|exclamation) (?:mark|point)|(?:new|next) (?:line|paragraph))\b"
    r"(?!['’-]\w| (?:at|in|is|of|on|are|was|for|where|when|with)\b)"
    r"|句[号號]|逗[号號]|[问問][号號]|感[叹嘆][号號]|[换換]行|新段落",
    re.IGNORECASE,
)
"""A mark that is called by name, which ends what is said as a written one does."""

_PIECE = re.compile(rf"[^\W_{HAN}]+")
_GAP = re.compile(r"(?:[ ]*(?:\.{3}|[-–—.,、，…])[ ]*|[ ]+)?")
_LONG = re.compile(r"[^\W\d_]{2,}")
_TWO_WORDS = re.compile(r"(?:x[ -]ray|double[ -](?:you|u))\b", re.IGNORECASE)
_EXAMPLE = re.compile(r",? (?:as in|like in|like|for) (?:the )?(?P<word>[^\W\d_]+)", re.IGNORECASE)

type _Kind = Literal["sure", "doubtful", "digit", "group", "sign"]


@dataclass(frozen=True, slots=True)
class Spelled:
    """The word that `text[start:end]` spells. `has_case`: "capital" was said of one of its letters; `is_joined`: it is
    written as one word in capitals.
    """

    start: int
    end: int
    word: str
    has_case: bool
    is_joined: bool


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    write: str
    kind: _Kind
    has_case: bool = False


def find_spelled(text: str, at: int, *, keeps_last: bool = False) -> Spelled | None:
    """Return the letters that begin at `at`, as many as there are; None if there are fewer than `MIN_LETTERS`.

    `keeps_last`: an A or I at their end is a letter, also where it seems to be a word.
    """
    tokens = _drop_words(text, _read_tokens(text, at), keeps_last=keeps_last)
    letters = [token for token in tokens if token.kind != "sign"]
    sure_count = sum(token.kind != "doubtful" for token in letters)
    word = "".join(token.write for token in tokens)
    if sum(map(str.isalnum, word)) < MIN_LETTERS or sure_count < MIN_LETTERS - (letters[0].kind == "group"):
        return None
    if not any(map(str.isalpha, word)) or (len(letters) == 1 and len(word) < MIN_WORD_CAPITALS):
        return None
    has_case, is_joined = any(token.has_case for token in tokens), len(tokens) == 1
    return Spelled(tokens[0].start, tokens[-1].end, word, has_case, is_joined)


def ends_as_word(text: str, spelled: Spelled) -> bool:
    """Return whether the letters end where a word may end, and not in the middle of something else."""
    after = text[spelled.end :]
    word = _PIECE.match(after.lstrip(" "))
    if not after.startswith(" ") or word is None:
        return not after or not (after[0].isalnum() or after[0] in "'’_@/-")
    return word.group().lower() in _words("links") or sum(map(str.isalnum, spelled.word)) >= MIN_BEFORE_WORD


def _read_tokens(text: str, at: int) -> list[_Token]:
    """Return the tokens from `at`; a gap of another kind than the first only where a sure letter follows it."""
    tokens: list[_Token] = []
    style, is_shouted = "", not any(map(str.islower, text)) and len(_LONG.findall(text)) > 1
    while (token := _read_token(text, at, is_shouted)) is not None:
        gap = text[tokens[-1].end : token.start].strip() or " " if tokens else ""
        if tokens and style and gap != style and not _is_sure_after(text, token, is_shouted):
            break
        if "." in gap and " " in text[tokens[-1].end : token.start]:
            is_initial = style not in ("", gap) and text[token.end : token.end + 1] == "."
            if tokens[-1].kind == "group" or is_initial:
                break
        if tokens and not style:
            style = gap
        tokens.append(token)
        gap_match = _GAP.match(text, token.end)
        at = gap_match.end() if gap_match else token.end
        if at == token.end:
            break
    return tokens


def _is_sure_after(text: str, token: _Token, is_shouted: bool) -> bool:
    """Return whether `token` is a letter beyond doubt: no word, or with another letter after it."""
    if token.kind == "doubtful" or (token.kind == "sure" and token.write.lower() in "ai"):
        gap = _GAP.match(text, token.end)
        following = _read_token(text, gap.end(), is_shouted) if gap and gap.end() > token.end else None
        return following is not None and following.kind in ("sure", "group") and following.write.lower() not in "ai"
    return token.kind != "sign"


def _read_token(text: str, at: int, is_shouted: bool) -> _Token | None:
    piece = _PIECE.match(text, at)
    if piece is None:
        return None
    word, end = piece.group().lower(), piece.end()
    if pair := _TWO_WORDS.match(text, at):
        return _Token(at, pair.end(), "x" if word == "x" else "w", "sure")
    for name in ("capital", "small", "times"):
        if word in _words(name) and text[end : end + 1] == " ":
            letter = _read_token(text, end + 1, is_shouted)
            if letter is None or letter.kind not in ("sure", "doubtful") or len(letter.write) > 1:
                return None
            write = letter.write * int(_table()["times"][word]) if name == "times" else letter.write
            write = write.upper() if name == "capital" else write
            return _Token(at, letter.end, write, "sure", letter.has_case or name == "capital")
    found = _classify(piece.group(), is_shouted)
    if found is None:
        return None
    write, kind = found
    example = _EXAMPLE.match(text, end) if kind in ("sure", "doubtful") else None
    if example and example["word"].lower().startswith(write) and len(example["word"]) > 1:
        return _Token(at, example.end(), write, "sure")
    return _Token(at, end, write, kind)


def _classify(piece: str, is_shouted: bool) -> tuple[str, _Kind] | None:
    """Return what a piece stands for among letters, and how sure that is."""
    word, table = piece.lower(), _table()
    if len(piece) == 1 and piece.isalpha():
        return word, "sure"
    if piece.isdigit() and piece.isascii():
        return piece, "digit"
    for name, kind in _KINDS.items():
        if word in table[name]:
            return table[name][word], kind
    if piece.isalpha() and piece.isupper() and not is_shouted and len(piece) <= 20:
        return word, "group"
    return None


_KINDS: Mapping[str, _Kind] = MappingProxyType(
    {"names": "sure", "words": "sure", "digits": "digit", "doubtful": "doubtful", "signs": "sign"}
)


def _drop_words(text: str, tokens: Sequence[_Token], *, keeps_last: bool) -> list[_Token]:
    """Return the tokens without those at the ends that are no letters there."""
    kept = list(tokens)
    while kept and kept[0].kind == "sign":
        return []
    while kept and (kept[-1].kind == "sign" or (len(kept) > 1 and _is_word(text, kept, keeps_last=keeps_last))):
        kept.pop()
        if kept and kept[-1].write == "@":
            kept.pop()  # "at two"
    return kept


def _is_word(text: str, tokens: Sequence[_Token], *, keeps_last: bool) -> bool:
    """Return whether the last of `tokens` is a word and no letter, by the word that follows it."""
    last = tokens[-1]
    after = text[last.end :]
    word = _PIECE.match(after[1:]) if after.startswith(" ") else None
    if after[:1] in ("'", "’") or (tokens[-2].write == "@" and last.kind == "digit"):
        return True
    if word is None or last.has_case:
        return False
    following, gap = word.group().lower(), text[tokens[-2].end : last.start]
    if last.kind == "doubtful" or (last.kind == "digit" and gap.strip() != "" and gap.strip() != "-"):
        return True
    if last.kind == "digit":
        return tokens[-2].kind != "digit" and text[last.start].isalpha() and following not in _words("links")
    if keeps_last or SPOKEN_MARK.match(after.lstrip(" ")):
        return False
    if last.kind != "sure" or len(text[last.start : last.end]) > 1:
        return False
    if last.write == "i":
        return gap.strip() == "." or following in _words("verbs")
    return last.write == "a" and (gap.strip() == "." or following not in _words("links") | _ARTICLES)


@cache
def _words(name: str) -> frozenset[str]:
    table = _table()[name]
    return frozenset(table if isinstance(table, dict) else table.split())


@cache
def _table() -> dict[str, Any]:
    return read_package_toml("desktop.polish.rules", "spelling.toml")
