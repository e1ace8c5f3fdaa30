"""Convert Chinese text to the user's script: Whisper writes simplified or traditional characters at random.

OpenCC converts by phrases, so that 头发 and 发现 differ where one character became two; regional vocabulary stays as
spoken. It is loaded with the first Chinese text (0.08 s). Its converters are shared by threads, one at a time.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from threading import Lock
from typing import Any, Literal

from desktop.core.types import Transcript

logger = logging.getLogger(__name__)

type Script = Literal["simplified", "traditional", "as_heard"]

CHINESE = ("zh", "yue")
"""Whisper's codes of the languages written in Chinese characters alone: Mandarin and Cantonese."""

_TRADITIONAL = ("TW", "HK", "MO", "HANT")
"""Regions and scripts of a locale that mean traditional characters."""

_OPENCC_CONFIGS = {
    ("simplified", "zh"): "t2s",
    ("simplified", "yue"): "t2s",
    ("traditional", "zh"): "s2tw",
    ("traditional", "yue"): "s2hk",
}
"""OpenCC's configurations: Taiwan's characters, and Hong Kong's for Cantonese."""

_converter_lock = Lock()


class ScriptConverter:
    """Converts the transcripts of one dictation to the chosen script, from any recognizer.

    Because of OpenCC's longest match, a prefix's conversion may not be a prefix of the whole conversion. So a dictation
    is converted as it settles: settled text once, without what follows. Call it with each transcript in order, the last
    one too.
    """

    def __init__(self, chosen: str, environ: Mapping[str, str]) -> None:
        self._chosen = chosen
        self._environ = environ
        self._raw = ""
        self._settled = ""

    def __call__(self, transcript: Transcript) -> Transcript:
        """Return `transcript` in the script; text that had settled before begins it unchanged."""
        script = choose_script(self._chosen, transcript.language, self._environ)

        def convert(text: str) -> str:
            return convert_to_script(text, transcript.language, script)

        raw, rest = transcript.text[: transcript.stable_length], transcript.text[transcript.stable_length :]
        if raw.startswith(self._raw):
            self._settled += convert(raw[len(self._raw) :])
        else:
            self._settled = convert(raw)
        self._raw = raw
        return replace(
            transcript,
            text=self._settled + convert(rest),
            stable_length=len(self._settled),
            segments=tuple(replace(segment, text=convert(segment.text)) for segment in transcript.segments),
        )


def choose_script(chosen: str, language: str, environ: Mapping[str, str]) -> Script:
    """Return the script for `language` by the setting `recognizer.chinese`; `auto` follows the system's locale.

    A system in another language gets Mandarin simplified, and Cantonese, which is seldom written so outside of China,
    unchanged.
    """
    if chosen == "simplified":
        return "simplified"
    if chosen == "traditional":
        return "traditional"
    locale = next((environ[key] for key in ("LC_ALL", "LC_CTYPE", "LANG") if environ.get(key)), "")
    locale_language, *regions = locale.partition(".")[0].replace("-", "_").upper().replace("@", "_").split("_")
    if locale_language in ("ZH", "YUE"):
        return "traditional" if any(region in _TRADITIONAL for region in regions) else "simplified"
    return "as_heard" if language == "yue" else "simplified"


def convert_to_script(text: str, language: str, script: Script) -> str:
    """Return `text` in `script` if `language` is Chinese and OpenCC's dictionaries can be read, else unchanged.
    Thread-safe."""
    name = _OPENCC_CONFIGS.get((script, language))
    if name is None or text.isascii():
        return text
    with _converter_lock:
        try:
            simple = _convert("t2s", text)
            return simple if name == "t2s" else _convert_to_traditional(text, simple, name)
        except RuntimeError:  # in the second in which an upgrade has taken them off
            logger.exception("the text stays in the script in which it was heard")
            return text


def _convert_to_traditional(text: str, simple: str, name: str) -> str:
    """Convert `text` with OpenCC's configuration `name`; `simple` is its simplified form.

    The phrases of OpenCC have simplified keys: for 里長 it would miss the phrase 里长 and choose 裡 for 里. So in a
    mostly traditional text only characters that are never traditional are converted: those missing in Big5.
    """
    foreign = [character for character in text if not _is_in_big5(character) and _convert(name, character) != character]
    traditional_count = sum(one != other for one, other in zip(text, simple, strict=False))
    if not traditional_count or traditional_count < len(foreign):
        return _convert(name, simple)
    return "".join(_convert(name, character) if character in foreign else character for character in text)


def _is_in_big5(character: str) -> bool:
    try:
        return bool(character.encode("big5"))
    except UnicodeEncodeError:
        return False


def _convert(name: str, text: str) -> str:
    converted: str = _load_converter(name).convert(text)
    return converted


@cache
def _load_converter(name: str) -> Any:
    from opencc import OpenCC

    return OpenCC(name)
