"""What is said to the user, as codes with parameters; `desktop.core.texts` has the words.

Code below the windows builds no sentences: it hands on a `Message`. The windows render it through Qt's translator, the
command line, the log and the history in English.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, reduce
from typing import Any, Self

from desktop.core.texts.text import QT_TRANSLATE_NOOP, Text

REDACTED = "…"
"""Replaces foreign text in the log."""

SENTENCE_PAIR = QT_TRANSLATE_NOOP("messages", "{0} {1}")
"""How the language joins two sentences."""


MAX_FIXED_NOTE = 500
"""Characters of a note without codes in which its texts are looked up; notes are shorter."""


class Foreign(str):
    """A parameter that quotes another program: a service's sentence, the text of an exception.

    It may contain dictated words or a key, so the windows show it and the log does not.
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class RemedyOf:
    """A parameter that stands for the remedy of another message."""

    message: Message


type Param = str | int | float | Message | RemedyOf | tuple[Message, ...]
"""The value of a parameter; several messages are joined as sentences."""

type Notes = tuple[Message, ...]
"""What is noted about a dictation, in order; empty for nothing."""

type Translate = Callable[[str], str]
"""Returns the translation of an English template."""


@dataclass(frozen=True, slots=True, init=False)
class Message:
    """A code of `desktop.core.texts` and the values of its parameters.

    `is_kept` is false where the history keeps nothing of the dictation (private mode, an excluded application),
    `is_outside` true where there is no dictation: texts that claim otherwise have other wordings for these.
    """

    code: str
    params: Mapping[str, Param]
    is_kept: bool
    is_outside: bool

    def __init__(self, code: str, /, **params: Param) -> None:
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "params", params)
        object.__setattr__(self, "is_kept", True)
        object.__setattr__(self, "is_outside", False)

    def __hash__(self) -> int:
        return hash((self.code, *sorted(self.params), self.is_kept, self.is_outside))

    def __str__(self) -> str:
        return render(self)

    @property
    def title(self) -> str:
        """What happened, in English."""
        return render_title(self)

    @property
    def remedy(self) -> str:
        """What to do, in English; empty where waiting is all there is to do."""
        return render_remedy(self)

    @property
    def says_nothing_kept(self) -> bool:
        """Whether it has another wording for a dictation of which nothing is kept."""
        text = _text(self.code)
        return bool(text.unkept_title or text.unkept_remedy)

    def without_kept_claims(self) -> Self:
        """Return the message for a dictation of which nothing is kept, with those in its parameters."""
        return self._changed(Message.without_kept_claims, is_kept=False)

    def outside_dictation(self) -> Self:
        """Return the message for a trial, a test or a command, with those in its parameters: nothing was dictated."""
        return self._changed(Message.outside_dictation, is_outside=True)

    def redacted(self) -> Self:
        """Return the message for the log: foreign text replaced, also in the messages of its parameters."""
        return self._changed(Message.redacted, _redacted)

    def _changed(
        self,
        change: Callable[[Message], Message],
        change_text: Callable[[str], str] = lambda text: text,
        **fields: bool,
    ) -> Self:
        """Return a copy with `change` made to the messages in its parameters, `change_text` to the texts there."""

        def change_param(value: Param) -> Param:
            match value:
                case Message():
                    return change(value)
                case RemedyOf(message):
                    return RemedyOf(change(message))
                case tuple():
                    return tuple(map(change, value))
                case str():
                    return change_text(value)
                case _:
                    return value

        changed = type(self)(self.code, **{name: change_param(value) for name, value in self.params.items()})
        for name, value in {"is_kept": self.is_kept, "is_outside": self.is_outside, **fields}.items():
            object.__setattr__(changed, name, value)
        return changed


def render_title(message: Message, translate: Translate = str) -> str:
    """Return what happened."""
    text = _text(message.code)
    other = text.outside_title if message.is_outside else "" if message.is_kept else text.unkept_title
    return _fill(other or text.title, message, translate)


def render_remedy(message: Message, translate: Translate = str) -> str:
    """Return what to do, or empty."""
    text = _text(message.code)
    other = text.outside_remedy if message.is_outside else "" if message.is_kept else text.unkept_remedy
    return _fill(other or text.remedy, message, translate)


def render_command(message: Message) -> str:
    """Return the first command that the remedy names; empty without one."""
    return next(iter(render_commands(message)), "")


def render_commands(message: Message) -> tuple[str, ...]:
    """Return what can be copied of the remedy, in order: its own, or that of the first message in its parameters."""
    text = _text(message.code)
    if text.command:
        return tuple(_fill(template, message, str) for template in (text.command, *text.further_commands))
    inner = (value.message if isinstance(value, RemedyOf) else value for value in message.params.values())
    return next(filter(None, (render_commands(value) for value in inner if isinstance(value, Message))), ())


def render(messages: Message | Iterable[Message], translate: Translate = str) -> str:
    """Return titles and remedies as sentences, joined as the language joins them."""
    several = (messages,) if isinstance(messages, Message) else messages
    return join_sentences(
        (part for message in several for part in (render_title(message, translate), render_remedy(message, translate))),
        translate,
    )


def join_sentences(sentences: Iterable[str], translate: Translate = str) -> str:
    """Join sentences with what the language has between them; empty ones count for nothing."""
    parts = [*filter(None, sentences)]
    return reduce(translate(SENTENCE_PAIR).format, parts) if parts else ""


def join_notes(*notes: Notes) -> Notes:
    """Join notes, each message once."""
    return tuple(dict.fromkeys(message for part in notes for message in part))


def dump_notes(notes: Notes) -> str:
    """Return the notes as JSON, with their English of today; empty for none."""
    data = {"english": render(notes), "messages": [_dump(message) for message in notes]}
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
    """Return the notes of which `english` is exactly the English, as far as their texts name no parameters.

    Empty where a part of it is none of them: a text with parameters, or foreign.
    """
    known = _texts_without_parameters()
    if english in known:
        return (known[english],)
    for place, character in enumerate(english[:MAX_FIXED_NOTE]):
        if character == " " and english[:place] in known and (rest := find_notes(english[place + 1 :])):
            return known[english[:place]], *rest
    return ()


def dump_message(message: Message) -> dict[str, Any]:
    """Return the message as JSON data, for another process of Intone."""
    data: dict[str, Any] = _dump(message)
    return data


def load_message(data: Any) -> Message | None:
    """Return the message in the data of `dump_message`; None for none, and for what this version cannot show."""
    try:
        message = _load_message(data)
        render(message)
        return message
    except _LOAD_ERRORS:
        return None


_LOAD_ERRORS = (ValueError, TypeError, KeyError, AttributeError, RecursionError)


def _dump(value: Param) -> Any:
    match value:
        case Message(code, params, is_kept, is_outside):
            flags: dict[str, bool] = {} if is_kept else {"is_kept": False}
            flags |= {"is_outside": True} if is_outside else {}
            return {"code": code, "params": {name: _dump(inner) for name, inner in params.items()}, **flags}
        case RemedyOf(message):
            return {"remedy_of": _dump(message)}
        case tuple():
            return [_dump(message) for message in value]
        case Foreign():
            return {"foreign": str(value)}
        case _:
            return value


def _load_message(data: dict[str, Any]) -> Message:
    message = Message(data["code"], **{name: _load(value) for name, value in data["params"].items()})
    message = message if data.get("is_kept", True) else message.without_kept_claims()
    return message.outside_dictation() if data.get("is_outside", False) else message


def _load(data: Any) -> Param:
    match data:
        case {"code": _}:
            return _load_message(data)
        case {"remedy_of": inner}:
            return RemedyOf(_load_message(inner))
        case {"foreign": str(text)}:
            return Foreign(text)
        case list():
            return tuple(map(_load_message, data))
        case str() | int() | float():
            return data
        case _:
            raise ValueError("no parameter of a message")


@cache
def _texts_without_parameters() -> Mapping[str, Message]:
    from desktop.core.texts.table import TEXTS  # as in `_text`

    known: dict[str, Message] = {}
    for message in (Message(code) for code, text in TEXTS.items() if "{" not in text.title + text.remedy):
        for variant in (message, message.without_kept_claims()):
            known.setdefault(str(variant), variant)
            known.setdefault(variant.title, Message("problem-title", problem=variant))
    return known


def _text(code: str) -> Text:
    from desktop.core.texts.table import TEXTS  # on first use: a command that says nothing does not wait for it

    return TEXTS[code]


def _fill(template: str, message: Message, translate: Translate) -> str:
    if not template:
        return ""
    return (
        translate(template)
        .format_map({name: _show(value, translate) for name, value in message.params.items()})
        .rstrip()
    )


def _show(value: Param, translate: Translate) -> str:
    match value:
        case Message():
            return render_title(value, translate)
        case RemedyOf(message):
            return render_remedy(message, translate)
        case tuple():
            return render(value, translate)
        case _:
            return str(value)


def _redacted(text: str) -> str:
    return REDACTED if isinstance(text, Foreign) else text
