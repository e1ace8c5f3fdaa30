"""When a decode is not to be believed: pure.

Whisper was trained on subtitles and always says something: it repeats itself, echoes its prompt, thanks for watching
over silence, or stops in the middle of a sentence. Each doubt has a name, which goes into the history's row, and leads
to a second decode of the same sound on a longer window without a prompt, and without repeats where it looped; `nothing`
says when even that is no speech.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection
from dataclasses import dataclass

LOOPED = 2.4
"""Text that compresses better than this repeats itself (Whisper's own threshold)."""

FASTEST = 8.0
"""Tokens a second of voice that no speech exceeds; fluent English has three to five, Mandarin up to seven."""

SPARE = 16
"""Tokens that any window may have beyond that, for a word spelt in pieces and for timestamps."""

UNSURE, NO_SPEECH = -1.0, 0.6
"""Whisper's own thresholds: mean log probability of the text, and probability that there is no speech."""

SURE = -0.8
"""Mean log probability above which a text needs no voice detector to vouch for it, if the model hears speech too."""

SLOWEST = 0.35
"""Tokens a second of voice below which words are missing, in a window of `LONG_S` or more of voice."""

LONG_S = 4.0

BRIEF_S = 1.0
"""Voice below which the model may be right that there is none; with more, the detector is against it."""

FLICKER_S = 0.3
"""Voice so short that the model's no is enough: in one of a hundred clips of music, keys and noise the detector hears
0.1 s of it, and the model's text is as sure of itself as any, with no speech at 0.76 and more."""

FAINT = 0.55
"""Mean probability of voice below which the detector is no witness against the model: music 0.36 to 0.57, speech 0.57
and more, in noise at 10 dB too."""

STOCK = re.compile(
    r"(thank(s| you)( (so|very) much)?( for watching)?|please subscribe|bye( bye)?|you|字幕.*|.*amara\.org.*|谢谢观看|"
    r"ご視聴ありがとうございました)",
    re.IGNORECASE,
)
"""What Whisper makes of silence, from the subtitles it has learnt."""


STUTTER = re.compile(r"\b(?!(?:h?m+|mhm|s+h+|pst|tsk|brr)\b)([b-df-hj-np-tv-xz]{2,3})(?:\W+\1\b){2,}\W*$")
"""A text that ends in a piece of a word without a vowel, three times: what the model makes of a word's end that it does
not know, such as "ill-disposed. sp sp sp sp sp". What people say so often has a vowel, or is a sound, or an
abbreviation in capitals."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a decode says of itself. `voiced_s` seconds of voice were in its window, with a mean probability of `voice`;
    `full`: it ran into its limit."""

    text: str
    tokens: int
    voiced_s: float
    mean_log_probability: float
    no_speech: float
    full: bool = False
    voice: float = 1.0


def limit(voiced_s: float) -> int:
    """The tokens that a window with so much voice may have."""
    return int(FASTEST * voiced_s) + SPARE


def doubt(found: Evidence, prompt: Collection[str] = ()) -> str:
    """The name of the doubt, or an empty string."""
    if found.full:
        return "rate"
    if repeats(found.text):
        return "loop"
    if echoes(found.text, prompt) and (found.voiced_s < BRIEF_S or found.no_speech > NO_SPEECH):
        return "echo"
    if nothing(found):
        return "silence"
    if found.voiced_s >= LONG_S and found.tokens < SLOWEST * found.voiced_s:
        return "coverage"
    return ""


def nothing(found: Evidence) -> bool:
    """Whether the text was invented over silence or noise."""
    if found.voiced_s >= BRIEF_S and found.voice >= FAINT:
        return False
    unsure = found.mean_log_probability < UNSURE or found.voiced_s < FLICKER_S
    unlikely = found.no_speech > NO_SPEECH and unsure
    stock = STOCK.fullmatch(re.sub(r"[\s.!,。！，]+$", "", found.text)) is not None
    return unlikely or (stock and found.no_speech > NO_SPEECH / 2)


def certain(found: Evidence, seconds: float) -> bool:
    """Whether a text of so many seconds is to be believed although the voice detector heard nobody.

    Whispers that it missed have a mean log probability of -0.3 and no speech at 0.15 to 0.18. What the model makes of
    300 clips in which nobody speaks has no speech at 0.48 and more, and below 0.85 is less likely than -0.95.
    """
    likely = found.mean_log_probability > SURE and found.no_speech < NO_SPEECH / 2
    return likely and found.tokens <= limit(seconds) and not repeats(found.text) and bool(found.text)


def repeats(text: str) -> bool:
    """Whether the text repeats itself as no person does: it compresses too well, ends in one phrase four times, or
    stutters."""
    data = text.encode()
    if len(data) > 60 and len(data) / len(zlib.compress(data)) > LOOPED:
        return True
    if STUTTER.search(text):
        return True
    words = re.findall(r"\w+", text.lower())
    return any(words[-n * 4 :] == words[-n:] * 4 for n in range(2, len(words) // 4 + 1))


def echoes(text: str, prompt: Collection[str]) -> bool:
    """Whether every word of the text is one of the prompt's."""
    said = set(re.findall(r"\w+", text.lower()))
    return bool(said) and said <= {word for term in prompt for word in re.findall(r"\w+", term.lower())}
