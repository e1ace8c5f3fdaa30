"""Write spoken addresses: "john dot smith at g mail dot com", "www dot example dot org slash help", "notes dot txt".

The difficulty is where an address begins, since nothing marks it: spelled letters and digits belong together, of longer
words only one stands before a "dot" or a "dash". What stands before "at" is a mailbox name if it is spelled or dotted,
if the host is a known mail host, or if a word before it announces an address; otherwise the "at" is a place ("details
at example dot com"). The library would write the whole sentence as one address.
"""

from __future__ import annotations

from typing import NamedTuple

from desktop.polish.rules.numbers.cardinals import read_number_row
from desktop.polish.rules.numbers.phrases import NumberMatch, Phrase, number_words

_JOINING_SIGNS = {"dot": ".", "dash": "-", "hyphen": "-", "minus": "-", "underscore": "_", "plus": "+"}
_SLASHES = {"slash": "/", "backslash": "\\"}
_NON_WORD_LETTERS = frozenset("bcdefghjklmnpqrstuvwxyz")
"""Letters that are no words: one before a word is its beginning ("g mail")."""


class _AddressPart(NamedTuple):
    """A part of an address: the indices of its words, and how it is written."""

    start: int
    end: int
    new: str


def find_addresses(phrase: Phrase) -> dict[int, NumberMatch]:
    """Return the addresses in a phrase, by the index of their first word."""
    found: dict[int, NumberMatch] = {}
    if "dot" not in phrase.lower_words and "colon" not in phrase.lower_words:
        return found
    at = 0
    while at < len(phrase):
        address = _read_address(phrase, at)
        if address:
            found[address.start] = NumberMatch(address.end, address.new)
        at = address.end if address else at + 1
    return found


def _read_address(phrase: Phrase, at: int) -> _AddressPart | None:
    """Return the address whose first significant "dot" is the word at `at`, or that begins there with "www"."""
    if begin := _read_scheme(phrase, at):
        host = _read_host(phrase, begin.end)
        return host and _read_path(phrase, _AddressPart(at, host.end, begin.new + host.new))
    word = phrase.word_at(at)
    if word == "localhost" and phrase.word_at(at + 1) in ("colon", "slash"):
        return _read_path(phrase, _AddressPart(at, at + 1, word))
    if len(word) == 1 and word.isalpha() and phrase.lower_words[at + 1 : at + 3] == ["colon", "backslash"]:
        return _read_path(phrase, _AddressPart(at, at + 2, f"{word.upper()}:"), "backslash")
    if phrase.word_at(at) != "dot":
        return None
    sets, after = number_words().sets, phrase.word_at(at + 1)
    if after not in sets["domains"] and after not in sets["files"]:
        return None
    host = _read_backward(phrase, at)
    if host is None:
        return None
    host = _AddressPart(host.start, at + 2, f"{host.new}.{after}")
    if after in sets["files"]:
        return host
    while phrase.word_at(host.end) == "dot" and (next_label := _read_label(phrase, host.end + 1)):
        host = _AddressPart(host.start, next_label.end, f"{host.new}.{next_label.new}")
    if phrase.word_at(host.start - 1) == "at" and (name := _read_mailbox(phrase, host)):
        mailbox = _AddressPart(name.start, host.end, f"{name.new}@{host.new}")
        return _read_repository(phrase, mailbox) if name.new == "git" else mailbox
    return _read_path(phrase, host)


def _read_scheme(phrase: Phrase, at: int) -> _AddressPart | None:
    """Read "h t t p s colon slash slash", or the "www" that makes what follows an address."""
    for scheme in ("https", "http"):
        for spelled in ([*scheme], [scheme]):
            end = at + len(spelled)
            if phrase.lower_words[at:end] == spelled and phrase.lower_words[end : end + 2] == ["colon", "slash"]:
                return _AddressPart(at, end + 2 + (phrase.word_at(end + 2) == "slash"), f"{scheme}://")
    for spelled in (["w", "w", "w"], ["www"]):
        end = at + len(spelled)
        if phrase.lower_words[at:end] == spelled and phrase.word_at(end) == "dot":
            return _AddressPart(at, at, "")
    return None


def _read_host(phrase: Phrase, start: int) -> _AddressPart | None:
    """Read labels with dots between them, from `start`."""
    host = _read_loose_label(phrase, start)
    while host and phrase.word_at(host.end) == "dot" and (next_label := _read_loose_label(phrase, host.end + 1)):
        host = _AddressPart(start, next_label.end, f"{host.new}.{next_label.new}")
    return host


def _read_loose_label(phrase: Phrase, start: int) -> _AddressPart | None:
    """Read a label, which may have several words if it is not the last: "www dot my site dot com"."""
    words = phrase.lower_words[start : start + 4]
    if "dot" in words[2:] and all(
        len(word) > 1 and word.isalpha() and word not in _JOINING_SIGNS for word in words[: words.index("dot")]
    ):
        end = words.index("dot")
        return _AddressPart(start, start + end, "".join(words[:end]))
    return _read_label(phrase, start)


def _read_label(phrase: Phrase, start: int) -> _AddressPart | None:
    """Read one word, or spelled letters and numbers, with dashes between them."""
    at, new = start, ""
    while word := phrase.word_at(at):
        numbers = read_number_row(phrase, at)
        if numbers:
            at, new = numbers[-1].end, new + "".join(number.digits for number in numbers)
        elif len(word) == 1 and word.isalpha():
            at, new = at + 1, new + word
            glued = at == start + 1 and word in _NON_WORD_LETTERS and len(phrase.word_at(at)) > 2
            if glued and phrase.word_at(at) not in (*_JOINING_SIGNS, "slash") and phrase.word_at(at).isalpha():
                at, new = at + 1, new + phrase.word_at(at)
        elif not new or new[-1] in "-_":
            if word in _JOINING_SIGNS or word in number_words().sets["never_parts"]:
                break
            at, new = at + 1, new + word
            if (word, phrase.word_at(at)) in number_words().glued:
                at, new = at + 1, new + phrase.word_at(at)
        elif word in ("dash", "hyphen", "underscore") and phrase.word_at(at + 1):
            at, new = at + 1, new + _JOINING_SIGNS[word]
        else:
            break
    return _AddressPart(start, at, new) if new else None


def _read_repository(phrase: Phrase, host: _AddressPart) -> _AddressPart:
    """Extend "git@example.com" by "colon owner slash name"."""
    owner = _read_label(phrase, host.end + 1) if phrase.word_at(host.end) == "colon" else None
    if owner is None or phrase.word_at(owner.end) != "slash":
        return host
    return _read_path(phrase, _AddressPart(host.start, owner.end, f"{host.new}:{owner.new}"))


def _read_path(phrase: Phrase, host: _AddressPart, slash: str = "slash") -> _AddressPart:
    """Extend an address by the port and by what follows it after slashes."""
    end, new = host.end, host.new
    if phrase.word_at(end) == "colon" and (port := read_number_row(phrase, end + 1)):
        end, new = port[-1].end, f"{new}:{''.join(number.digits for number in port)}"
    while phrase.word_at(end) == slash:
        end, new = end + 1, new + _SLASHES[slash]
        if phrase.word_at(end + 1) == slash and phrase.word_at(end).isalpha():
            end, new = end + 1, new + phrase.word_at(end)  # "slash in slash"
            continue
        while next_label := _read_label(phrase, end):
            end, new = next_label.end, new + next_label.new
            if phrase.word_at(end) != "dot" or not phrase.word_at(end + 1):
                break
            end, new = end + 1, new + "."
    return _AddressPart(host.start, end, new)


def _read_backward(phrase: Phrase, end: int) -> _AddressPart | None:
    """Read what belongs to an address before the index `end`."""
    at, next_kind = end, ""
    while at > 0:
        word = phrase.word_at(at - 1)
        kind = _word_kind(word)
        glued = next_kind == "word" and (word, phrase.word_at(at)) in number_words().glued
        if not glued and not _can_precede(word, kind, next_kind):
            break
        at, next_kind = at - 1, kind
    while at < end and (phrase.word_at(at) in _JOINING_SIGNS):
        at += 1
    if at == end:
        return None
    return _AddressPart(at, end, _write_part(phrase, at, end))


def _word_kind(word: str) -> str:
    known = number_words()
    if word in _JOINING_SIGNS:
        return "join"
    if word in ("zero", "oh", "double", "triple", "hundred") or word in known.counted:
        return "number"
    if len(word) == 1:
        return "letter" if word.isalpha() else "sign"
    if "'" in word:
        return "sign"
    return "number" if word.isdecimal() else "sign" if word in known.sets["never_parts"] else "word"


def _can_precede(word: str, word_kind: str, next_kind: str) -> bool:
    """Return whether a word can stand in an address before a word of kind `next_kind`; "" is the end."""
    if word_kind == "join":
        return next_kind in ("letter", "number", "word")
    if word_kind == "letter":
        return next_kind != "word" or word in _NON_WORD_LETTERS
    if word_kind == "number":
        return next_kind != "word"
    return word_kind == "word" and next_kind in ("", "join", "number")


def _write_part(phrase: Phrase, start: int, end: int) -> str:
    at, new = start, ""
    while at < end:
        numbers = read_number_row(phrase, at) if _word_kind(phrase.word_at(at)) == "number" else []
        if numbers and numbers[-1].end <= end:
            at, new = numbers[-1].end, new + "".join(number.digits for number in numbers)
        else:
            word = phrase.word_at(at)
            at, new = at + 1, new + _JOINING_SIGNS.get(word, word)
    return new


def _read_mailbox(phrase: Phrase, host: _AddressPart) -> _AddressPart | None:
    """Read the mailbox name before the host; None if the "at" before the host is a place."""
    name = _read_backward(phrase, host.start - 1)
    if name is None:
        return None
    sets = number_words().sets
    if phrase.word_at(name.end - 1) in sets["never_names"] and name.new.isalpha():
        return None
    is_mailbox = name.end - name.start > 1 or host.new.split(".")[0] in sets["mail"] or name.new in sets["mailboxes"]
    return name if is_mailbox or _is_announced(phrase, name.start) else None


def _is_announced(phrase: Phrase, start: int) -> bool:
    """Return whether a word before the index `start` says that an address follows: "my email is", "write to"."""
    sets, before = number_words().sets, phrase.word_at(start - 1)
    return before in sets["addressed"] or (
        before in sets["leading"] and not sets["addressed"].isdisjoint(phrase.lower_words[: start - 1])
    )


def is_plain_place(words: list[str]) -> bool:
    """Return whether in a text of these words what stands before "at" need not be a mailbox name: "tickets at"."""
    sets = number_words().sets
    if words.count("at") != 1 or words[1:2] != ["at"]:
        return False
    is_name = len(words[0]) == 1 or words[0] in sets["mailboxes"] or "".join(words[2:4]).split("dot")[0] in sets["mail"]
    return "'" in words[0] or not is_name
