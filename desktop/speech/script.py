"""Chinese in the script that the person reads: Whisper writes simplified or traditional characters as it happens.

OpenCC converts by phrases, so that 头发 and 发现 part where one character became two; the words stay as they were
spoken, whatever region writes them. By its longest match a prefix's conversion is no prefix of the whole one's, so a
dictation is converted as it settles: what has settled once, without what follows.

OpenCC is loaded with the first Chinese (0.08 s). Its converters are shared by threads, one at a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from threading import Lock
from typing import Any, Literal

from desktop.ports import Transcript

type Script = Literal["simplified", "traditional", "as_heard"]

CHINESE = ("zh", "yue")
"""Whisper's codes for the languages that are written in Chinese characters alone: Mandarin and Cantonese."""

_TRADITIONAL = ("TW", "HK", "MO", "HANT")
_TO = {
    ("simplified", "zh"): "t2s",
    ("simplified", "yue"): "t2s",
    ("traditional", "zh"): "s2tw",
    ("traditional", "yue"): "s2hk",
}
"""OpenCC's configurations: the characters as Taiwan writes them, and Hong Kong's for its own language."""

_turn = Lock()


def script_for(chosen: str, language: str, environ: Mapping[str, str]) -> Script:
    """The script for `language` as the setting `recognizer.chinese` has it; `auto` goes by the system's locale.

    Who uses the system in another language than Chinese gets Mandarin simplified, and Cantonese, which is seldom
    written so outside of China, as it comes.
    """
    if chosen == "simplified":
        return "simplified"
    if chosen == "traditional":
        return "traditional"
    locale = next((environ[key] for key in ("LC_ALL", "LC_CTYPE", "LANG") if environ.get(key)), "")
    tongue, *places = locale.partition(".")[0].replace("-", "_").upper().replace("@", "_").split("_")
    if tongue in ("ZH", "YUE"):
        return "traditional" if any(place in _TRADITIONAL for place in places) else "simplified"
    return "as_heard" if language == "yue" else "simplified"


def to_script(text: str, language: str, script: Script) -> str:
    """`text` in `script` where `language` is Chinese; what is in it already stays as it is. From any thread."""
    name = _TO.get((script, language))
    if name is None or text.isascii():
        return text
    with _turn:
        simple = _convert("t2s", text)
        return simple if name == "t2s" else _traditional(text, simple, name)


def _traditional(text: str, simple: str, name: str) -> str:
    """`text`, which is `simple` in simplified characters, as OpenCC's configuration `name` writes it.

    Its phrases are keyed by simplified characters: given 里長 it would miss the phrase 里长 and take 里 for 裡. So what
    is traditional on the whole is only rid of characters that are never so: those which Big5 does not have.
    """
    foreign = [character for character in text if not _big5(character) and _convert(name, character) != character]
    already = sum(one != other for one, other in zip(text, simple, strict=False))
    if not already or already < len(foreign):
        return _convert(name, simple)
    return "".join(_convert(name, character) if character in foreign else character for character in text)


def _big5(character: str) -> bool:
    try:
        return bool(character.encode("big5"))
    except UnicodeEncodeError:
        return False


class Written:
    """The transcripts of one dictation in the chosen script, whichever recognizer they come from.

    Call it with each of them in order, the last one too.
    """

    def __init__(self, chosen: str, environ: Mapping[str, str]) -> None:
        self._chosen = chosen
        self._environ = environ
        self._raw = ""
        self._settled = ""

    def __call__(self, heard: Transcript) -> Transcript:
        """`heard` in the script; what had settled before begins it unchanged."""
        script = script_for(self._chosen, heard.language, self._environ)

        def convert(text: str) -> str:
            return to_script(text, heard.language, script)

        raw, rest = heard.text[: heard.settled], heard.text[heard.settled :]
        if raw.startswith(self._raw):
            self._settled += convert(raw[len(self._raw) :])
        else:
            self._settled = convert(raw)
        self._raw = raw
        return replace(
            heard,
            text=self._settled + convert(rest),
            settled=len(self._settled),
            segments=tuple(replace(segment, text=convert(segment.text)) for segment in heard.segments),
        )


def _convert(name: str, text: str) -> str:
    converted: str = _converter(name).convert(text)
    return converted


@cache
def _converter(name: str) -> Any:
    from opencc import OpenCC

    return OpenCC(name)
