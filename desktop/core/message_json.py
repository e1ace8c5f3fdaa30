"""Write messages as JSON and read them: for the notes in the history, and for other processes of Intone.

What another version wrote may have codes or parameters that this one does not know; it is read as none. A list is
written twice: under `params` as its English text, for scripts and older versions, and under `lists`. If a part of it
quotes another program, that text is `Foreign`, so that an older version does not log it either.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from desktop.core.messages import Foreign, Message, Notes, Param, PartList, RemedyOf, render, render_param

MAX_FIXED_NOTE = 500
"""Characters of a note without codes in which its texts are looked up; notes are shorter."""

_LOAD_ERRORS = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What is raised for JSON that is no message of this version."""


# -- messages for another process --------------------------------------------------------------------------------------


def dump_message(message: Message) -> dict[str, Any]:
    """Return the message as JSON data."""
    data: dict[str, Any] = _dump_param(message)
    return data


def load_message(data: Any) -> Message | None:
    """Return the message in the data of `dump_message`; None for none, and for what this version cannot show."""
    try:
        message = _load_message(data)
        render(message)
        return message
    except _LOAD_ERRORS:
        return None


# -- notes in the history ----------------------------------------------------------------------------------------------


def dump_notes(notes: Notes) -> str:
    """Return the notes as JSON, with their English of today; empty for none."""
    data = {"english": render(notes), "messages": [_dump_param(message) for message in notes]}
    return json.dumps(data, ensure_ascii=False) if notes else ""


def load_notes(data: str, english: str) -> Notes:
    """Return the notes in the JSON of `dump_notes` if they were `english` when they were written.

    Empty otherwise (another version has changed the text since), and for what this version cannot show.
    """
    try:
        written = json.loads(data)
        notes = tuple(map(_load_message, written["messages"])) if written["english"] == english else ()
        render(notes)
        return notes
    except _LOAD_ERRORS:
        return ()


def find_notes(english: str) -> Notes:
    """Return the notes that render as `english`, for a row without codes.

    Only texts without parameters are found; empty where a part is anything else.
    """
    known = _texts_without_parameters()
    if english in known:
        return (known[english],)
    for place, character in enumerate(english[:MAX_FIXED_NOTE]):
        if character == " " and english[:place] in known and (rest := find_notes(english[place + 1 :])):
            return known[english[:place]], *rest
    return ()


@cache
def _texts_without_parameters() -> Mapping[str, Message]:
    """Return the messages without parameters by their English: whole, and by their titles alone."""
    from desktop.core.texts.table import SHOWN_TEXTS  # on first use: a command that says nothing does not wait for it

    known: dict[str, Message] = {}
    for message in (Message(code) for code, text in SHOWN_TEXTS.items() if "{" not in text.title + text.remedy):
        for variant in (message, message.without_kept_claims()):
            known.setdefault(str(variant), variant)
            known.setdefault(variant.title, Message("problem-title", problem=variant))
    return known


# -- parameters --------------------------------------------------------------------------------------------------------


def _dump_param(value: Param) -> Any:
    match value:
        case Message(code, params, is_kept, is_outside):
            flags: dict[str, bool] = {} if is_kept else {"is_kept": False}
            flags |= {"is_outside": True} if is_outside else {}
            lists = {name: _dump_param(inner) for name, inner in params.items() if isinstance(inner, PartList)}
            plain = {name: _dump_param(_to_text(inner) if name in lists else inner) for name, inner in params.items()}
            return {"code": code, "params": plain, **({"lists": lists} if lists else {}), **flags}
        case RemedyOf(message):
            return {"remedy_of": _dump_param(message)}
        case PartList(parts, separator):
            return {"parts": [*map(_dump_param, parts)], "separator": separator}
        case tuple():
            return [_dump_param(message) for message in value]
        case Foreign():
            return {"foreign": str(value)}
        case _:
            return value


def _to_text(value: Param) -> str:
    """Return the English text of a parameter, as foreign if a part of it is."""
    text = render_param(value)
    return Foreign(text) if _quotes(value) else text


def _quotes(value: Param) -> bool:
    """Return whether a parameter, or a part of it, quotes another program."""
    match value:
        case Message(_, params):
            return any(map(_quotes, params.values()))
        case RemedyOf(message):
            return _quotes(message)
        case PartList(parts) | (tuple() as parts):
            return any(map(_quotes, parts))
        case _:
            return isinstance(value, Foreign)


def _load_message(data: dict[str, Any]) -> Message:
    params = {**data["params"], **data.get("lists", {})}
    message = Message(data["code"], **{name: _load_param(value) for name, value in params.items()})
    message = message if data.get("is_kept", True) else message.without_kept_claims()
    return message.outside_dictation() if data.get("is_outside", False) else message


def _load_param(data: Any) -> Param:
    match data:
        case {"code": _}:
            return _load_message(data)
        case {"remedy_of": inner}:
            return RemedyOf(_load_message(inner))
        case {"parts": list(parts), "separator": str(separator)}:
            return PartList(tuple(map(_load_param, parts)), separator)
        case {"foreign": str(text)}:
            return Foreign(text)
        case list():
            return tuple(map(_load_message, data))
        case str() | int() | float():
            return data
        case _:
            raise ValueError("no parameter of a message")
