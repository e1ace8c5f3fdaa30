"""The values of settings: constants, and types that validate what a file or the command line gives."""

from __future__ import annotations

import difflib
import sys
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from desktop.core.errors import InvalidValueError
from desktop.core.keys import parse_binding
from desktop.core.messages import Message, PartList
from desktop.core.minisign import parse_public_key
from desktop.settings.urls import validate_url

AUTO = "auto"
"""The value that leaves the choice to the app."""

LAYOUT = "layout"
"""The value of `recognizer.language` by which the keyboard's layout decides."""

LOCAL = "local"
"""The value in place of an address that selects the model on this machine."""

MAX_DAYS = 36_500
"""Longest retention in days: a century, which dates can still represent. As minutes it is almost a month."""

MIN_END_SILENCE_S, MAX_END_SILENCE_S = 0.8, 30.0
"""Bounds of the silence that ends a dictation: shorter ones come between two words, and after a longer one a recording
without speech counts as forgotten."""

_LANGUAGE_CODES = """
af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi hr ht hu hy
id is it ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc pa pl ps pt ro ru
sa sd si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi yi yo zh yue
"""
LANGUAGES = tuple(_LANGUAGE_CODES.split())
"""The languages that Whisper knows, by its own codes (`jw` is its name for Javanese; `yue` came with large-v3)."""


RULE_NAMES = (
    "own_words",
    "spelling",
    "repairs",
    "emoji",
    "repeats",
    "fillers",
    "spoken",
    "replacements",
    "numbers",
    "lists",
    "spacing",
    "sentences",
)
"""The rules of polish in the order of their application; `desktop.polish.rules` implements them."""


def _split(value: object) -> object:
    """Split a list written with commas: the only form on the command line, and accepted in the file."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


def _split_nonempty(value: object) -> object:
    """Split likewise, where an empty text is an empty list."""
    parts = _split(value)
    return [part for part in parts if part] if isinstance(parts, list) else parts


def language_codes(languages: tuple[str, ...]) -> tuple[str, ...]:
    """Return the languages among the values of `recognizer.language`, none for any."""
    return tuple(code for code in languages if code not in (AUTO, LAYOUT))


def model_languages(languages: tuple[str, ...]) -> tuple[str, ...]:
    """Return the languages that a model should know for these values of `recognizer.language`, none for any."""
    return () if LAYOUT in languages else language_codes(languages)


def parse_layout(line: str) -> tuple[str, tuple[str, ...]]:
    """Return the layout's name in lower case and its languages, none for any, of an entry such as `ch=de/fr`.

    Raises `InvalidValueError`.
    """
    name, sign, languages = line.rpartition("=")
    codes = tuple(code.strip() for code in languages.split("/"))
    if not sign or not name.strip():
        raise InvalidValueError(Message("layouts-form", entry=line))
    if codes == (AUTO,):
        return name.strip().lower(), ()
    for code in codes:
        if code not in LANGUAGES:
            raise InvalidValueError(Message("layout-language", entry=line, hint=_hint_language(code)))
    return name.strip().lower(), codes


def _validate_layouts(lines: tuple[str, ...]) -> tuple[str, ...]:
    names = [parse_layout(line)[0] for line in lines]
    if twice := [name for name in names if names.count(name) > 1]:
        raise InvalidValueError(Message("layout-twice", name=twice[0]))
    return lines


def _validate_languages(languages: tuple[str, ...]) -> tuple[str, ...]:
    if languages == (AUTO,):
        return languages
    for code in languages:
        if code not in (*LANGUAGES, LAYOUT):
            raise InvalidValueError(Message("languages-form", hint=_hint_language(code)))
    return tuple(dict.fromkeys(languages))


def _hint_language(code: str) -> Message:
    near = difflib.get_close_matches(code.lower(), LANGUAGES, n=1)
    return Message("did-you-mean", name=near[0]) if near else Message("language-codes")


def _validate_url_or_local(url: str) -> str:
    if url == LOCAL:
        return url
    try:
        return validate_url(url)
    except InvalidValueError as error:
        raise InvalidValueError(Message("url-or-local", form=error.message, local=LOCAL)) from error


def _validate_https_or_empty(url: str) -> str:
    if url and not validate_url(url).startswith("https://"):
        raise InvalidValueError(Message("url-https"))
    return url


def _validate_public_key(text: str) -> str:
    text = text.strip()
    try:
        if text:
            parse_public_key(text)
    except ValueError as error:
        raise InvalidValueError(Message("value-not-a-public-key")) from error
    return text


def _validate_end_silence(seconds: float) -> float:
    if seconds and not MIN_END_SILENCE_S <= seconds <= MAX_END_SILENCE_S:
        raise InvalidValueError(
            Message("end-silence-form", least=f"{MIN_END_SILENCE_S:g}", most=f"{MAX_END_SILENCE_S:g}")
        )
    return seconds


def _drop_empty(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))


def _validate_rules(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if name not in RULE_NAMES:
            raise InvalidValueError(Message("rules-form", names=PartList(RULE_NAMES)))
    return names


def _strip_percent(value: object) -> object:
    """Accept a number, and a percent sign."""
    return str(value).strip().removesuffix("%").strip()


def split_command(command: str, *, is_windows: bool = sys.platform == "win32") -> list[str]:
    """Split a command line as a shell does, on Windows with backslashes as they are. Raises `ValueError`."""
    import shlex  # where there is a command

    words = shlex.split(command, posix=not is_windows)
    return [word.strip('"') for word in words] if is_windows else words


def _validate_command(command: str) -> str:
    """Return a command line whose quotation marks are closed."""
    try:
        split_command(command)
    except ValueError as error:
        raise InvalidValueError(Message("value-not-a-command")) from error
    return command


type Scale = Annotated[
    Literal["system", "100", "125", "150", "175", "200", "250", "300"], BeforeValidator(_strip_percent)
]
type LanguageCodes = Annotated[
    tuple[str, ...], BeforeValidator(_split), Field(min_length=1), AfterValidator(_validate_languages)
]
type LayoutLanguages = Annotated[tuple[str, ...], BeforeValidator(_split_nonempty), AfterValidator(_validate_layouts)]
type TextList = Annotated[tuple[str, ...], BeforeValidator(_split), AfterValidator(_drop_empty)]
type EndSilence = Annotated[float, Field(allow_inf_nan=False), AfterValidator(_validate_end_silence)]
type NonEmptyText = Annotated[str, Field(min_length=1)]
type ServiceUrl = Annotated[str, AfterValidator(validate_url)]
type UrlOrLocal = Annotated[str, AfterValidator(_validate_url_or_local)]
type HttpsUrl = Annotated[str, AfterValidator(_validate_https_or_empty)]
type PublicKeyText = Annotated[str, AfterValidator(_validate_public_key)]
type RuleNames = Annotated[tuple[str, ...], BeforeValidator(_split_nonempty), AfterValidator(_validate_rules)]
type CommandLine = Annotated[str, Field(max_length=1000), AfterValidator(_validate_command)]
type HotkeyName = Annotated[str, AfterValidator(lambda name: str(parse_binding(name)))]
type HotkeyNames = Annotated[tuple[HotkeyName, ...], BeforeValidator(_split_nonempty)]
type MicrophoneNames = TextList
type SoundFile = str
type LocalModelName = NonEmptyText

VALUE_FORMS: dict[object, str] = {
    CommandLine: "a command with its arguments",
    TextList: "words or names, separated by commas",
    NonEmptyText: "the name of a model",
    EndSilence: f"0, or a number from {MIN_END_SILENCE_S:g} to {MAX_END_SILENCE_S:g}",
    LanguageCodes: "codes of languages that Whisper knows, `layout` alone or with them, separated by commas, or `auto`",
    LayoutLanguages: "layouts and their languages, `cz=cs` or `ch=de/fr`, or `us=auto`, separated by commas",
    ServiceUrl: "the address of a service",
    UrlOrLocal: "the address of a server with OpenAI's chat completions, or `local`",
    HttpsUrl: "an address that begins with https://, or nothing",
    PublicKeyText: "the line of a public key of minisign that begins with RW, or nothing",
    RuleNames: "any of these, separated by commas",
    HotkeyName: "a key (`f9`)",
    HotkeyNames: "keys (`f9`), chords (`ctrl+alt+space`) or mouse buttons (`button8`), separated by commas",
    MicrophoneNames: "microphones by the id or name that `intone devices` prints, separated by commas",
    SoundFile: "the path of a WAV, FLAC or OGG file, or nothing for the built-in sound",
    LocalModelName: "a name that `intone models list` prints, the path of a folder, or `auto`",
}
"""What a value of each type is, in English; the others are choices and whole numbers."""
