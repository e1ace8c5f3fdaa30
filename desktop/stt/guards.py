"""Detect decodes that cannot be trusted, such as hallucinations (`docs/adr/0004`). Pure functions.

Each check has a name, which is stored in the history's row, and causes a second decode of the same audio;
`is_hallucination` decides whether even that is no speech. `check_guards` judges a text by its probabilities,
`check_words` by its words alone, for engines that tell nothing else.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from desktop.core.text import WORD, count_words
from desktop.core.types import FRAME_SAMPLES, RATE_HZ

MAX_COMPRESSION_RATIO = 2.4
"""Compression ratio above which a text repeats itself (Whisper's own threshold)."""

MAX_TOKENS_PER_S = 8.0
"""Tokens per second of voice that no speech exceeds; fluent English has three to five, Mandarin up to seven."""

EXTRA_TOKENS = 16
"""Tokens allowed in any window beyond that, for a spelled word and for timestamps."""

MIN_TWICE_WORDS = 3
"""Number of words from which a phrase that ends a text twice in a row may be the prompt's doing: with a long one base
wrote every twentieth sentence twice.
"""

LOW_LOG_PROBABILITY, NO_SPEECH_PROBABILITY = -1.0, 0.6
"""Whisper's own thresholds: mean log probability of the text, and probability of no speech."""

HIGH_LOG_PROBABILITY = -0.8
"""Mean log probability above which a text is believed without detected voice, if the model detects speech too."""

MIN_TOKENS_PER_S = 0.35
"""Tokens per second of voice below which words are missing, in a window of `COVERAGE_MIN_VOICE_S` or more of voice."""

COVERAGE_MIN_VOICE_S = 4.0

BRIEF_VOICE_S = 1.0
"""Seconds of voice below which the model may be right that there is none; above, the detector contradicts it."""

FLICKER_VOICE_S = 0.3
"""Seconds of voice so short that the model alone decides.

In one of a hundred clips of music, keys and noise the detector reports 0.1 s of voice, and the model's text is as
confident as any, with no speech at 0.76 and more. Between words a breath has as little, at a probability of 0.30 to
0.36: "I'll see you in the next video", at a log probability of -1.3 and no speech at 0.51 to 0.72.
"""

FAINT_VOICE_PROBABILITY = 0.55
"""Mean voice probability below which the detector does not contradict the model.

Music has 0.36 to 0.57, speech 0.57 and more, in noise at 10 dB too.
"""

MIN_WORDS_PER_S, MIN_WORDS_VOICE_S = 0.8, 2.0
"""Words per second of voice below which words are missing, in a window of `MIN_WORDS_VOICE_S` or more of voice.

The slowest of 148 recordings, one of a learner of English, has 1.5.
"""

FASTEST_WORDS_PER_S = 5.5
"""Words per second of voice in a text that was said; the fastest of the same recordings has 5.2."""

MAX_WORDS_PER_S, EXTRA_WORDS = 7.0, 8
"""Words per second of voice that no speech exceeds (the fastest of these recordings has 5.2), and words beyond that."""

KEPT_WORDS, MIN_LOST_WORDS = 0.7, 2
"""Share of its phrases' words that a window must have to replace them, and number that must be missing otherwise."""

MIN_GAP_S = 1.0
"""Seconds of voice without a token that are a sentence left out."""

VOICED_TENTHS = "3456789"
"""The tenths of a voice probability that count as voice (`desktop.stt.segmenter.VOICE_THRESHOLD`)."""

STAMP_ERROR_S = 0.5
"""Seconds by which a timestamp may be wrong: by a word or two."""

LOOP_TIMES = 3
"""Number of times in a row that a loop says the same words."""

REPEATED_TIMES = 4
"""Number of times in a row that only a loop says two words or more."""

_COUNTER = "#"
"""What stands for any number while loops are looked for."""

SUBTITLE_PHRASES = re.compile(
    r"(thank(s| you)( (so|very) much)?( for watching)?|please subscribe|bye( bye)?|you|字幕.*|.*amara\.org.*|谢谢观看|"
    r"ご視聴ありがとうございました)",
    re.IGNORECASE,
)
"""Phrases that Whisper outputs for silence, learned from subtitles."""

_EXPECTED_WORD = re.compile(r"\w+")

MIN_REPEATED_WORDS = 5
"""Fewest words in a row of a text that the model saw before that are not taken for speech."""

STUTTER = re.compile(r"\b(?!(?:h?m+|mhm|s+h+|pst|tsk|brr)\b)([b-df-hj-np-tv-xz]{2,3})(?:\W+\1\b){2,}\W*$")
"""A text that ends in a word fragment without a vowel, three times or more.

The model outputs it for a word's end that it does not know, such as "ill-disposed. sp sp sp sp sp". What people repeat
so often has a vowel, or is a sound, or an abbreviation in capitals.
"""


@dataclass(frozen=True, slots=True)
class DecodeEvidence:
    """The measurements of one decode. Its window had `voiced_s` seconds of voice with a mean probability of
    `voice_probability`.

    `hit_token_limit` is whether it reached the token limit.
    """

    text: str
    tokens: int
    voiced_s: float
    mean_log_probability: float
    no_speech_probability: float
    hit_token_limit: bool = False
    voice_probability: float = 1.0


def max_tokens(voiced_s: float) -> int:
    """Return the maximum number of tokens for a window with `voiced_s` seconds of voice."""
    return int(MAX_TOKENS_PER_S * voiced_s) + EXTRA_TOKENS


def check_guards(evidence: DecodeEvidence, prompt: Collection[str] = (), expected: str = "") -> str:
    """Return the name of the check that failed, or an empty string. The model saw the words `prompt` and the text
    `expected` before."""
    if evidence.hit_token_limit:
        return "rate"
    if is_repetitive(evidence.text) or _is_said_twice_too_fast(evidence.text, evidence.voiced_s):
        return "loop"
    if is_prompt_echo(evidence.text, prompt) and (
        evidence.voiced_s < BRIEF_VOICE_S or evidence.no_speech_probability > NO_SPEECH_PROBABILITY
    ):
        return "echo"
    if prompt and ends_twice(evidence.text):
        return "echo"
    if expected and repeats_text(evidence.text, expected):
        return "echo"
    if is_hallucination(evidence):
        return "silence"
    if evidence.voiced_s >= COVERAGE_MIN_VOICE_S and evidence.tokens < MIN_TOKENS_PER_S * evidence.voiced_s:
        return "coverage"
    return ""


def repeats_text(text: str, expected: str) -> bool:
    """Whether a text is a run of `MIN_REPEATED_WORDS` or more words of what the model saw before."""
    words, seen = (" ".join(_EXPECTED_WORD.findall(one.lower())) for one in (text, expected))
    return words.count(" ") + 1 >= MIN_REPEATED_WORDS and f" {words} " in f" {seen} "


def check_words(text: str, voiced_s: float, is_looped: bool = False) -> str:
    """Return the name of the check that `text` fails by its words alone, or an empty string.

    Its window had `voiced_s` seconds of voice; `is_looped` is what the runtime says of it.
    """
    words = count_words(text)
    if is_looped or is_repetitive(text) or _is_cut_off_in_loop(text):
        return "loop"
    if words > MAX_WORDS_PER_S * voiced_s + EXTRA_WORDS:
        return "rate"
    is_silent = not words and voiced_s >= FLICKER_VOICE_S
    is_sparse = voiced_s >= MIN_WORDS_VOICE_S and words < MIN_WORDS_PER_S * voiced_s
    return "coverage" if is_silent or is_sparse else ""


def loses_words(text: str, parts: Sequence[str]) -> bool:
    """Whether the text of a window has clearly fewer words than those of its `parts` together."""
    words, expected = count_words(text), sum(map(count_words, parts))
    return words < KEPT_WORDS * expected and expected - words >= MIN_LOST_WORDS and not any(map(is_repetitive, parts))


def says_twice(text: str, parts: Sequence[str]) -> bool:
    """Whether the text of a window ends in a phrase twice that those of its `parts` together have once."""
    words, expected = count_words(text), sum(map(count_words, parts))
    return ends_twice(text) and not ends_twice(" ".join(parts)) and words - expected >= MIN_TWICE_WORDS


def find_gaps(voices: str, tokens: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the stretches between `tokens`, in seconds, that hold `MIN_GAP_S` of voice or more.

    `voices` has one digit per frame, the tenths of its voice probability; `tokens` are their starts and ends in order,
    none if the engine does not tell them.
    """
    if not tokens:
        return []
    frame_s = FRAME_SAMPLES / RATE_HZ
    starts, ends = [start for start, _ in tokens], [end for _, end in tokens]
    stretches = zip([0.0, *ends], [*starts, len(voices) * frame_s], strict=True)
    return [
        (start, end)
        for start, end in stretches
        if sum(tenths in VOICED_TENTHS for tenths in voices[round(start / frame_s) : round(end / frame_s)]) * frame_s
        >= MIN_GAP_S
    ]


def count_said(segments: Sequence[tuple[float, int]], end_s: float) -> int:
    """Return how many of `segments`, each its start in seconds and its number of tokens, can have been said by `end_s`.

    A model may go on after the end of its audio, and say sentences again: they start at its end or beyond it, and have
    more tokens than there is time for. In 6 of 595 windows (base) it did, with three times as many or more; the one
    other sentence that started there had a third of what there is time for.
    """
    count = len(segments)
    while count > 1:
        start_s, tokens = segments[count - 1]
        left_s = end_s + STAMP_ERROR_S - start_s
        if left_s > 2 * STAMP_ERROR_S or tokens <= MAX_TOKENS_PER_S * left_s:
            break
        count -= 1
    return count


def cut_loop(text: str) -> str:
    """Return the text without the repeats at its end, where the same words come `LOOP_TIMES` times or more.

    Numbers among them may differ, since a loop may count its rounds, and the last word may be cut off.
    """
    words = list(WORD.finditer(text))
    spoken = [word[0].lower() for word in words]
    start, size = _find_loop(spoken, LOOP_TIMES) or _find_loop(_hide_counters(spoken), LOOP_TIMES) or (0, 0)
    return text[: words[start + size - 1].end()] if size else text


def _find_loop(words: Sequence[str], times: int) -> tuple[int, int] | None:
    """Return where the words begin to repeat until their end, and how many do, if they come `times` times or more."""
    if not words:
        return None
    for size in range(1, len(words) // times + 1):
        is_cut_off = words[-1] != words[-1 - size] and words[-1 - size].startswith(words[-1])
        start = len(words) - is_cut_off
        while start > size and words[start - 1] == words[start - 1 - size]:
            start -= 1
        start -= size
        is_counting_alone = all(word == _COUNTER for word in words[start : start + size])
        if len(words) - start >= size * times and not is_counting_alone:
            return start, size
    return None


def _hide_counters(words: Sequence[str]) -> list[str]:
    return [_COUNTER if any(map(str.isdigit, word)) else word for word in words]


def is_hallucination(evidence: DecodeEvidence) -> bool:
    """Whether the text was hallucinated over silence or noise."""
    if evidence.voiced_s >= BRIEF_VOICE_S and evidence.voice_probability >= FAINT_VOICE_PROBABILITY:
        return False
    is_unsure = evidence.mean_log_probability < LOW_LOG_PROBABILITY or evidence.voiced_s < FLICKER_VOICE_S
    is_unlikely = evidence.no_speech_probability > NO_SPEECH_PROBABILITY and is_unsure
    is_flicker = evidence.voiced_s < FLICKER_VOICE_S and evidence.voice_probability < FAINT_VOICE_PROBABILITY
    is_invented = is_flicker and evidence.mean_log_probability < HIGH_LOG_PROBABILITY
    is_stock_phrase = SUBTITLE_PHRASES.fullmatch(re.sub(r"[\s.!,。！，]+$", "", evidence.text)) is not None
    return (
        is_unlikely or is_invented or (is_stock_phrase and evidence.no_speech_probability > NO_SPEECH_PROBABILITY / 2)
    )


def is_certain_speech(evidence: DecodeEvidence, seconds: float) -> bool:
    """Whether a text of `seconds` of audio is credible although the voice detector found no voice.

    Missed whispers have a mean log probability of -0.3 and no speech at 0.15 to 0.18. The model's output for 300 clips
    without speech has no speech at 0.48 and more, and below 0.85 a log probability under -0.95.
    """
    is_likely = (
        evidence.mean_log_probability > HIGH_LOG_PROBABILITY
        and evidence.no_speech_probability < NO_SPEECH_PROBABILITY / 2
    )
    return (
        is_likely
        and evidence.tokens <= max_tokens(seconds)
        and not is_repetitive(evidence.text)
        and bool(evidence.text)
    )


def is_repetitive(text: str) -> bool:
    """Whether the text repeats itself as no speaker does: it compresses too well, ends in one phrase four times, or
    stutters."""
    data = text.encode()
    if len(data) > 60 and len(data) / len(zlib.compress(data)) > MAX_COMPRESSION_RATIO:
        return True
    if STUTTER.search(text):
        return True
    words = re.findall(r"\w+", text.lower())
    counts = range(2, len(words) // REPEATED_TIMES + 1)
    return any(words[-n * REPEATED_TIMES :] == words[-n:] * REPEATED_TIMES for n in counts)


def _is_cut_off_in_loop(text: str) -> bool:
    """Whether the text ends in the words of `is_repetitive`, and a part of a word or of a round."""
    spoken = [word[0].lower() for word in WORD.finditer(text)]
    _, size = _find_loop(spoken, REPEATED_TIMES) or (0, 0)
    return size > 1


def breaks_off(text: str) -> bool:
    """Whether a text ends in an ellipsis: the model knows that the sentence goes on, and has guessed at its words."""
    return text.rstrip().endswith(("...", "…"))


def ends_twice(text: str) -> bool:
    """Whether the text ends in one phrase twice; a speaker may do so, and is heard alike without a prompt."""
    words = re.findall(r"\w+", text.lower())
    return any(words[-2 * n : -n] == words[-n:] for n in range(MIN_TWICE_WORDS, len(words) // 2 + 1))


def _is_said_twice_too_fast(text: str, voiced_s: float) -> bool:
    """Whether the text ends in one phrase twice, in less voice than the fastest speaker needs for its words."""
    return ends_twice(text) and len(re.findall(r"\w+", text)) > FASTEST_WORDS_PER_S * voiced_s


def is_prompt_echo(text: str, prompt: Collection[str]) -> bool:
    """Whether every word of the text is in the prompt."""
    words = set(re.findall(r"\w+", text.lower()))
    return bool(words) and words <= {word for term in prompt for word in re.findall(r"\w+", term.lower())}
