"""Write spoken addresses: "john dot smith at g mail dot com", "www dot example dot org slash help", "notes dot txt".

The difficulty is where an address begins, since nothing marks it: spelled letters and digits belong together, of longer
words only one stands before a "dot" or a "dash". What stands before "at" is a mailbox name if it is spelled or dotted,
if the host is a known mail host, or if a word before it announces an address; otherwise the "at" is a place ("we found
it at example dot com"). The library would write the whole sentence as one address.
"""

from __future__ import annotations

from typing import NamedTuple

from desktop.polish.rules.numbers.cardinals import row
from desktop.polish.rules.numbers.phrases import Found, Phrase, words

_JOINS = {"dot": ".", "dash": "-", "hyphen": "-", "minus": "-", "underscore": "_", "plus": "+"}
_GLUED = frozenset("bcdefghjklmnpqrstuvwxyz")
"""Letters that are no words: one before a word is its beginning ("g mail")."""


class _Part(NamedTuple):
    """A part of an address: the indices of its words, and how it is written."""

    start: int
    end: int
    new: str


def addresses(phrase: Phrase) -> dict[int, Found]:
    """Return the addresses in a phrase, by the index of their first word."""
    found: dict[int, Found] = {}
    if "dot" not in phrase.said and "localhost" not in phrase.said:
        return found
    at = 0
    while at < len(phrase):
        place = _at(phrase, at)
        if place:
            found[place.start] = Found(place.end, place.new)
        at = place.end if place else at + 1
    return found


def _at(phrase: Phrase, at: int) -> _Part | None:
    """Return the address whose first significant "dot" is the word at `at`, or that begins there with "www"."""
    if begin := _scheme(phrase, at):
        host = _forward(phrase, begin.end)
        return host and _path(phrase, _Part(at, host.end, begin.new + host.new))
    if phrase.at(at) == "localhost" and phrase.at(at + 1) == "colon" and (port := row(phrase, at + 2)):
        return _Part(at, port[-1].end, "localhost:" + "".join(one.digits for one in port))
    if phrase.at(at) != "dot":
        return None
    sets, after = words().sets, phrase.at(at + 1)
    if after not in sets["domains"] and after not in sets["files"]:
        return None
    host = _backward(phrase, at)
    if host is None:
        return None
    host = _Part(host.start, at + 2, f"{host.new}.{after}")
    if after in sets["files"]:
        return host
    while phrase.at(host.end) == "dot" and (more := _label(phrase, host.end + 1)):
        host = _Part(host.start, more.end, f"{host.new}.{more.new}")
    if phrase.at(host.start - 1) == "at" and (name := _name(phrase, host)):
        return _Part(name.start, host.end, f"{name.new}@{host.new}")
    return _path(phrase, host)


def _scheme(phrase: Phrase, at: int) -> _Part | None:
    """Read "h t t p s colon slash slash", or the "www" that makes what follows an address."""
    for said in ("https", "http"):
        for spelled in ([*said], [said]):
            end = at + len(spelled)
            if phrase.said[at:end] == spelled and phrase.said[end : end + 2] == ["colon", "slash"]:
                return _Part(at, end + 2 + (phrase.at(end + 2) == "slash"), f"{said}://")
    for spelled in (["w", "w", "w"], ["www"]):
        end = at + len(spelled)
        if phrase.said[at:end] == spelled and phrase.at(end) == "dot":
            return _Part(at, at, "")
    return None


def _forward(phrase: Phrase, start: int) -> _Part | None:
    """Read labels with dots between them, from `start`."""
    host = _loose(phrase, start)
    while host and phrase.at(host.end) == "dot" and (more := _loose(phrase, host.end + 1)):
        host = _Part(start, more.end, f"{host.new}.{more.new}")
    return host


def _loose(phrase: Phrase, start: int) -> _Part | None:
    """Read a label, which may have several words if it is not the last: "www dot my site dot com"."""
    said = phrase.said[start : start + 4]
    if "dot" in said[2:] and all(
        len(word) > 1 and word.isalpha() and word not in _JOINS for word in said[: said.index("dot")]
    ):
        end = said.index("dot")
        return _Part(start, start + end, "".join(said[:end]))
    return _label(phrase, start)


def _label(phrase: Phrase, start: int) -> _Part | None:
    """Read one word, or spelled letters and numbers, with dashes between them."""
    at, new = start, ""
    while said := phrase.at(at):
        numbers = row(phrase, at)
        if numbers:
            at, new = numbers[-1].end, new + "".join(one.digits for one in numbers)
        elif len(said) == 1 and said.isalpha():
            at, new = at + 1, new + said
            glued = at == start + 1 and said in _GLUED and len(phrase.at(at)) > 2
            if glued and phrase.at(at) not in (*_JOINS, "slash") and phrase.at(at).isalpha():
                at, new = at + 1, new + phrase.at(at)
        elif not new or new[-1] in "-_":
            if said in _JOINS or said in words().sets["never_parts"]:
                break
            at, new = at + 1, new + said
            if (said, phrase.at(at)) in words().glued:
                at, new = at + 1, new + phrase.at(at)
        elif said in ("dash", "hyphen", "underscore") and phrase.at(at + 1):
            at, new = at + 1, new + _JOINS[said]
        else:
            break
    return _Part(start, at, new) if new else None


def _path(phrase: Phrase, host: _Part) -> _Part:
    """Extend an address by what follows it after slashes."""
    end, new = host.end, host.new
    while phrase.at(end) == "slash":
        end, new = end + 1, new + "/"
        while more := _label(phrase, end):
            end, new = more.end, new + more.new
            if phrase.at(end) != "dot" or not phrase.at(end + 1):
                break
            end, new = end + 1, new + "."
    return _Part(host.start, end, new)


def _backward(phrase: Phrase, end: int) -> _Part | None:
    """Read what belongs to an address before the index `end`."""
    at, kind = end, ""
    while at > 0:
        said = phrase.at(at - 1)
        this = _kind(said)
        glued = kind == "word" and (said, phrase.at(at)) in words().glued
        if not glued and not _goes_before(said, this, kind):
            break
        at, kind = at - 1, this
    while at < end and (phrase.at(at) in _JOINS):
        at += 1
    if at == end:
        return None
    return _Part(at, end, _spelled(phrase, at, end))


def _kind(said: str) -> str:
    known = words()
    if said in _JOINS:
        return "join"
    if said in ("zero", "oh", "double", "triple", "hundred") or said in known.counted:
        return "number"
    if len(said) == 1:
        return "letter" if said.isalpha() else "sign"
    return "number" if said.isdecimal() else "sign" if said in known.sets["never_parts"] else "word"


def _goes_before(said: str, this: str, next_kind: str) -> bool:
    """Return whether a word can stand in an address before a word of kind `next_kind`; "" is the end."""
    if this == "join":
        return next_kind in ("letter", "number", "word")
    if this == "letter":
        return next_kind != "word" or said in _GLUED
    if this == "number":
        return next_kind != "word"
    return this == "word" and next_kind in ("", "join", "number")


def _spelled(phrase: Phrase, start: int, end: int) -> str:
    at, new = start, ""
    while at < end:
        numbers = row(phrase, at) if _kind(phrase.at(at)) == "number" else []
        if numbers and numbers[-1].end <= end:
            at, new = numbers[-1].end, new + "".join(one.digits for one in numbers)
        else:
            said = phrase.at(at)
            at, new = at + 1, new + _JOINS.get(said, said)
    return new


def _name(phrase: Phrase, host: _Part) -> _Part | None:
    """Read the mailbox name before the host; None if the "at" before the host is a place."""
    name = _backward(phrase, host.start - 1)
    if name is None:
        return None
    sets, before = words().sets, phrase.at(name.start - 1)
    count = name.end - name.start
    if phrase.at(name.end - 1) in sets["never_names"] and name.new.isalpha():
        return None
    told = count > 1 or host.new.split(".")[0] in sets["mail"] or before in sets["addressed"]
    return name if told or not name.start else None
