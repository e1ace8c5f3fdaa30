"""Messages to the user: a code of `desktop.core.texts` with parameters, rendered as text only where it is shown.

    message = Message("service-late", service="OpenAI", seconds="1.5")
    render(message)             # "OpenAI did not answer in 1.5 s."
    render(message, translate)  # the same in the language that `translate` knows

Code below the windows makes no sentences. The windows render with Qt's translator (`desktop.ui.i18n`); the command
line, the log and the history in English, which is the default. `desktop.core.message_json` writes and reads messages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Self

from desktop.core.texts.text import QT_TRANSLATE_NOOP, Text

REDACTED = "…"
"""Replaces foreign text in the log."""

SENTENCE_PAIR = QT_TRANSLATE_NOOP("messages", "{0} {1}")
"""Template that joins two sentences: in Chinese without the space."""

COMMA = QT_TRANSLATE_NOOP("messages", ", ")
AND = QT_TRANSLATE_NOOP("messages", " and ")
OR = QT_TRANSLATE_NOOP("messages", " or ")
"""Separators of a list: in Chinese the first two are "、", which suits Latin names and any number of parts."""


class Foreign(str):
    """A parameter that quotes another program: a service's sentence, the text of an exception.

    It may contain dictated words or a key, so the windows show it and the log does not.
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class RemedyOf:
    """A parameter that is rendered as the remedy of `message`; a `Message` as a parameter is rendered as its title."""

    message: Message


@dataclass(frozen=True, slots=True)
class PartList:
    """A parameter that is rendered as its parts with `separator` between them: `COMMA`, `AND` or `OR`."""

    parts: tuple[Param, ...]
    separator: str = COMMA


type Param = str | int | float | Message | RemedyOf | PartList | tuple[Message, ...]
"""The value of a parameter. A tuple of messages is rendered as sentences, titles and remedies."""

type Notes = tuple[Message, ...]
"""The notes on a dictation, in order; empty for none."""

type Translate = Callable[[str], str]
"""Returns the translation of an English template; `str` leaves it English."""


@dataclass(frozen=True, slots=True, init=False)
class Message:
    """A code of `desktop.core.texts` and its parameters, by the names that its templates have.

    Two flags choose other templates, where the text has them (`Text`): `is_kept` is false where the history keeps
    nothing of the dictation (private mode, an excluded application), `is_outside` is true where there is no dictation
    (a trial, a test, a command).
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
        """Whether its text has templates for a dictation of which nothing is kept."""
        text = _find_text(self.code)
        return bool(text.unkept_title or text.unkept_remedy)

    def without_kept_claims(self) -> Self:
        """Return the message, and those in its parameters, with `is_kept` false."""
        return self._copy(Message.without_kept_claims, is_kept=False)

    def outside_dictation(self) -> Self:
        """Return the message, and those in its parameters, with `is_outside` true."""
        return self._copy(Message.outside_dictation, is_outside=True)

    def redacted(self) -> Self:
        """Return the message for the log: foreign text replaced, also in the messages of its parameters."""
        return self._copy(Message.redacted, _redact)

    def _copy(
        self,
        change_message: Callable[[Message], Message],
        change_text: Callable[[str], str] = lambda text: text,
        **flags: bool,
    ) -> Self:
        """Return a copy with these `flags`.

        Of its parameters, messages are replaced by `change_message`, texts by `change_text`.
        """

        def change_param(value: Param) -> Param:
            match value:
                case Message():
                    return change_message(value)
                case RemedyOf(message):
                    return RemedyOf(change_message(message))
                case PartList(parts, separator):
                    return PartList(tuple(map(change_param, parts)), separator)
                case tuple():
                    return tuple(map(change_message, value))
                case str():
                    return change_text(value)
                case _:
                    return value

        copy = type(self)(self.code, **{name: change_param(value) for name, value in self.params.items()})
        for name, value in {"is_kept": self.is_kept, "is_outside": self.is_outside, **flags}.items():
            object.__setattr__(copy, name, value)
        return copy


def join_notes(*notes: Notes) -> Notes:
    """Return all notes in order, each message once."""
    return tuple(dict.fromkeys(message for part in notes for message in part))


# -- rendering ---------------------------------------------------------------------------------------------------------


def render(messages: Message | Iterable[Message], translate: Translate = str) -> str:
    """Return one text: the title and the remedy of each message."""
    several = (messages,) if isinstance(messages, Message) else messages
    return join_sentences(
        (part for message in several for part in (render_title(message, translate), render_remedy(message, translate))),
        translate,
    )


def render_title(message: Message, translate: Translate = str) -> str:
    """Return what happened."""
    text = _find_text(message.code)
    return _fill(_choose(message, text.title, text.unkept_title, text.outside_title), message, translate)


def render_remedy(message: Message, translate: Translate = str) -> str:
    """Return what to do; empty where waiting is all there is to do."""
    text = _find_text(message.code)
    return _fill(_choose(message, text.remedy, text.unkept_remedy, text.outside_remedy), message, translate)


def render_param(value: Param, translate: Translate = str) -> str:
    """Return the text of a parameter."""
    match value:
        case Message():
            return render_title(value, translate)
        case RemedyOf(message):
            return render_remedy(message, translate)
        case PartList(parts, separator):
            return join_parts((render_param(part, translate) for part in parts), separator, translate)
        case tuple():
            return render(value, translate)
        case _:
            return str(value)


def render_command(message: Message) -> str:
    """Return the first command that the remedy names; empty without one."""
    return next(iter(render_commands(message)), "")


def render_commands(message: Message) -> tuple[str, ...]:
    """Return what can be copied of the remedy, in order: the commands of its own text.

    Where that has none, those of the first message in its parameters that has some.
    """
    text = _find_text(message.code)
    if text.command:
        return tuple(_fill(template, message, str) for template in (text.command, *text.further_commands))
    inner = (value.message if isinstance(value, RemedyOf) else value for value in message.params.values())
    return next(filter(None, (render_commands(value) for value in inner if isinstance(value, Message))), ())


def join_sentences(sentences: Iterable[str], translate: Translate = str) -> str:
    """Return the sentences as one text; empty ones are left out."""
    parts = [*filter(None, sentences)]
    return reduce(translate(SENTENCE_PAIR).format, parts) if parts else ""


def join_parts(parts: Iterable[str], separator: str = COMMA, translate: Translate = str) -> str:
    """Return the parts as one text, with the language's `separator` between them."""
    return translate(separator).join(parts)


def _find_text(code: str) -> Text:
    from desktop.core.texts.table import SHOWN_TEXTS  # on first use: a command that says nothing does not wait for it

    return SHOWN_TEXTS[code]


def _choose(message: Message, template: str, unkept: str, outside: str) -> str:
    """Return the template for the flags of `message`, of which `is_outside` comes first."""
    if message.is_outside:
        return outside or template
    return template if message.is_kept else unkept or template


def _fill(template: str, message: Message, translate: Translate) -> str:
    """Return the translated template with the parameters of `message`, without space at its end."""
    if not template:
        return ""
    params = {name: render_param(value, translate) for name, value in message.params.items()}
    return translate(template).format_map(params).rstrip()


def _redact(text: str) -> str:
    return REDACTED if isinstance(text, Foreign) else text
