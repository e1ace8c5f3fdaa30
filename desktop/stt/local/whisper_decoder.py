"""Decode windows of audio with a Whisper model in memory.

It calls CTranslate2 directly rather than `WhisperModel.transcribe`, which always encodes 30 s, encodes twice to detect
a language, and retries with rising temperatures. Two threads may decode at once: CTranslate2 has a worker for each and
they share the weights.

Kept windows are decoded with timestamps, and again from the last of them if voice follows it (`docs/adr/0003`).
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop.core.files import read_package_toml
from desktop.core.text import join_texts, remove_overlap
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio
from desktop.stt.guards import DecodeEvidence, check_guards, count_said, is_certain_speech, is_hallucination, max_tokens
from desktop.stt.local import cuda
from desktop.stt.local.decoding import LANE_COUNT, AlignedText, DecodeRequest, DecodeResult
from desktop.stt.local.whisper_alignment import HYPOTHESES_PER_TEXT, MEL_SAMPLES, align_text, choose_distinct
from desktop.stt.segmenter import EARLY_PAUSE_FRAMES, VOICE_THRESHOLD
from models.catalog import base_language

if TYPE_CHECKING:
    from desktop.stt.local.kept_encodings import KeptEncodings

FULL_MEL_FRAMES = 3000
"""Mel frames of Whisper's window: 30 s of 10 ms."""

SECOND_PASS_INPUT = {"mel_least": 1536.0, "mel_times": 2.0}
"""The input length of a second pass, for models that need less than `FULL_MEL_FRAMES`.

As accurate as that (WER 11.1 and 11.2 %) in half the time, which the user may be waiting for.
"""

TIMESTAMP_SAMPLES = RATE_HZ // 50
"""Samples of the 20 ms unit of timestamps."""

MAX_FIRST_TIMESTAMP = 50
"""Maximum of the first timestamp: one second (Whisper's own rule)."""

MIN_ADVANCE_SAMPLES = RATE_HZ // 2
"""Samples (0.5 s) that a pass must advance for another to follow."""

MAX_PAUSE_DISTANCE_S = 0.5
"""Maximum seconds between a timestamp and the pause that it refers to."""

MIN_LEFT_VOICE_S = 0.5
"""Seconds of voice left that need another pass."""

LOOP_GUARDS, NO_REPEAT_TOKENS = ("loop", "rate"), 3
"""Failed checks after which a second pass forbids repeats, and the number of tokens in a row that may occur only once.

The window that said "water" fifty times, alone and as a whole, then has all five of its sentences. Never in the first
pass, since people do repeat themselves.
"""

MAX_PROMPT_TOKENS = 100
"""Maximum tokens of the user's own words in a prompt: each shortens the possible text by one."""

MAX_EXPECTED_TOKENS = 60
"""Maximum tokens of what is likely to be said: with the words fewer than the 223 that a prompt may have."""


@dataclass(frozen=True, slots=True)
class _DecodePass:
    """One pass over audio: language, text, and the samples up to which it reaches."""

    language: str
    evidence: DecodeEvidence
    samples: int


@functools.cache
def load_decoding_table() -> dict[str, dict[str, float]]:
    """Return `decoding.toml`, by the model's size."""
    return read_package_toml("desktop.stt.local", "decoding.toml")


def count_mel_frames(samples: int, choice: dict[str, float] | None) -> int:
    """Return the encoder's input length in mel frames for a window of `samples`."""
    if choice is None:
        return FULL_MEL_FRAMES
    return min(FULL_MEL_FRAMES, int(max(choice["mel_least"], choice["mel_times"] * -(-samples * 100 // RATE_HZ))))


def measure_voice(voices: str) -> tuple[float, float]:
    """Return the seconds of voice in `voices` (see `DecodeRequest`) and its mean probability, 0 without any."""
    voiced = [int(tenths) / 10 for tenths in voices if int(tenths) >= 10 * VOICE_THRESHOLD]
    return len(voiced) * FRAME_SAMPLES / RATE_HZ, sum(voiced) / len(voiced) if voiced else 0.0


def find_resume_point(voices: str, reached: int) -> tuple[int, bool]:
    """Return the sample to continue from after words that reach sample `reached`, and whether it is in a pause.

    It is the middle of the nearest pause, or `reached` itself. Timestamps are wrong by a word or two within speech.
    """
    pauses = [
        (match.start() + match.end()) // 2 * FRAME_SAMPLES
        for match in re.finditer(f"[0-{round(10 * VOICE_THRESHOLD) - 1}]{{{EARLY_PAUSE_FRAMES},}}", voices)
    ]
    near = [pause for pause in pauses if abs(pause - reached) <= MAX_PAUSE_DISTANCE_S * RATE_HZ]
    return (min(near, key=lambda pause: abs(pause - reached)), True) if near else (reached, False)


def cut_unsaid(tokens: Sequence[int], first_stamp: int, seconds: float) -> Sequence[int]:
    """Return the tokens of a pass without the segments after the end of its audio (`count_said`).

    Timestamps are the tokens from `first_stamp` on; one before text begins a segment.
    """
    begins = [i for i in range(len(tokens) - 1) if tokens[i] >= first_stamp > tokens[i + 1]]
    segments = [
        ((tokens[begin] - first_stamp) * TIMESTAMP_SAMPLES / RATE_HZ, sum(t < first_stamp for t in tokens[begin:end]))
        for begin, end in pairwise([*begins, len(tokens)])
    ]
    count = count_said(segments, seconds)
    return tokens if count == len(segments) else tokens[: begins[count]]


class WhisperDecoder:
    """A loaded model. Construction reads it and runs it once on noise, which aborts on a broken GPU."""

    def __init__(self, folder: str, name: str, device: str, threads: int = 0) -> None:
        has_driver = device != "cpu" and cuda.has_driver()
        failure = cuda.preload_libraries() if has_driver else None
        import ctranslate2
        from faster_whisper import WhisperModel

        if device == "auto":
            device = cuda.choose_device(ctranslate2.get_cuda_device_count(), has_driver and not failure)
        if device == "cuda" and failure:
            raise cuda.CudaError(failure)
        self.compute = cuda.choose_compute_type(ctranslate2.get_supported_compute_types(device), device)
        self.device = device
        self._input_length = load_decoding_table().get(name.split(".")[0]) if device == "cpu" else None
        threads = threads or int(
            self._input_length["threads"] if self._input_length else max(1, (os.cpu_count() or 1) // LANE_COUNT)
        )
        self._whisper = WhisperModel(
            folder, device=device, compute_type=self.compute, cpu_threads=threads, num_workers=LANE_COUNT
        )
        noise = np.random.default_rng(0).normal(0, 0.1, RATE_HZ).astype(np.float32)
        self.decode(noise, DecodeRequest("9" * 31, "en", beam=1, live=True))

    def decode(self, audio: Audio, request: DecodeRequest) -> DecodeResult:
        """Decode up to 30 s, and a second time if a check failed."""
        if request.only_language:
            odds = self._detect_languages(self._encode(audio, FULL_MEL_FRAMES), request.allowed)
            return DecodeResult("", max(odds, key=odds.__getitem__), odds=odds)
        if request.only_voice:
            state = self._average_state(self._encode(audio, self._count_min_frames(audio)), len(audio))
            return DecodeResult("", request.language, voice=state)
        if request.murmur:
            result = self._run_pass(self._encode(audio, FULL_MEL_FRAMES), audio, request)
            if is_certain_speech(result.evidence, len(audio) / RATE_HZ):
                return DecodeResult(result.evidence.text, result.language, "murmur")
            return DecodeResult("", result.language)
        texts: list[str] = []
        guards: list[str] = []
        sure = in_pause = True
        start = 0
        state = []
        while True:
            rest = replace(request, voices=request.voices[start // FRAME_SAMPLES :])
            encoded = self._encode(
                audio[start:], FULL_MEL_FRAMES if request.full else self._count_min_frames(audio[start:])
            )
            if not start and not request.live:
                state = self._average_state(encoded, len(audio))
            result = self._run_pass(encoded, audio[start:], rest)
            guard = check_guards(result.evidence, request.words, request.expected)
            if guard and not request.live:
                rest = replace(rest, language=result.language, words=(), expected="")
                second = self._decode_again(encoded, audio[start:], rest, guard)
                if not (guard == "coverage" and second.evidence.tokens < result.evidence.tokens):
                    result = second
                guards.append(guard)
                sure = sure and check_guards(result.evidence) in ("", "silence")
            if not is_hallucination(result.evidence):
                text = result.evidence.text
                texts.append(text if in_pause else remove_overlap("".join(texts[-1:]), text))
            request = replace(request, language=result.language)
            previous_start, (start, in_pause) = start, find_resume_point(request.voices, start + result.samples)
            if (
                request.live
                or start - previous_start < MIN_ADVANCE_SAMPLES
                or measure_voice(request.voices[start // FRAME_SAMPLES :])[0] < MIN_LEFT_VOICE_S
            ):
                return DecodeResult(
                    join_texts(texts), result.language, ",".join(dict.fromkeys(guards)), sure, voice=state
                )

    def align(self, audio: Audio, texts: Sequence[str], language: str) -> list[AlignedText]:
        """Return the times of the tokens of each text by the model's cross-attention, in up to 30 s."""
        frames = self._count_min_frames(audio)
        encoded = self._kept_encodings.encode(audio, frames)
        tokenizer, _ = self._get_tokenizer(self._choose_language(encoded, language))
        spoken = min(frames, len(audio) // MEL_SAMPLES)
        return [align_text(self._whisper.model, encoded, text, tokenizer, spoken) for text in texts]

    def list_alternatives(self, audio: Audio, language: str, count: int) -> list[str]:
        """Return the texts of the best hypotheses of one search over up to 30 s, each once."""
        encoded = self._kept_encodings.encode(audio, self._count_min_frames(audio))
        whisper = self._whisper
        tokenizer, suppressed = self._get_tokenizer(self._choose_language(encoded, language))
        prompt = whisper.get_prompt(tokenizer, [], without_timestamps=True)
        hypotheses = HYPOTHESES_PER_TEXT * count
        result = whisper.model.generate(
            encoded,
            [prompt],
            beam_size=hypotheses,
            num_hypotheses=hypotheses,
            max_length=min(2 * max_tokens(len(audio) / RATE_HZ), whisper.max_length),
            suppress_tokens=suppressed,
            return_scores=True,
        )[0]
        texts = [tokenizer.decode(tokens).strip() for tokens in result.sequences_ids]
        return choose_distinct(texts, count)

    @functools.cached_property
    def _kept_encodings(self) -> KeptEncodings:
        from desktop.stt.local.kept_encodings import KeptEncodings  # not loaded before a question is asked

        return KeptEncodings(self._encode)

    def _choose_language(self, encoded: Any, language: str) -> str:
        """Return the code of `language` if the model has it, else the one that it hears."""
        from faster_whisper.tokenizer import _LANGUAGE_CODES

        code = base_language(language)
        if code in _LANGUAGE_CODES and self._whisper.model.is_multilingual:
            return code
        odds = self._detect_languages(encoded, ())
        return max(odds, key=odds.__getitem__)

    def _decode_again(self, encoded: Any, audio: Audio, request: DecodeRequest, guard: str) -> _DecodePass:
        """Decode again after the failed check `guard`.

        Loops are decoded without repeats from the same encoding, which ends most of them; otherwise, or if that fails,
        on a longer input.
        """
        looped = guard in LOOP_GUARDS
        if looped:
            result = self._run_pass(encoded, audio, request, repeating=False)
            if not check_guards(result.evidence):
                return result
        frames = (
            FULL_MEL_FRAMES
            if request.full
            else count_mel_frames(len(audio), SECOND_PASS_INPUT if self._input_length else None)
        )
        return self._run_pass(self._encode(audio, frames), audio, request, repeating=not looped)

    def _run_pass(self, encoded: Any, audio: Audio, request: DecodeRequest, repeating: bool = True) -> _DecodePass:
        whisper = self._whisper
        language = request.language
        if not language or not whisper.model.is_multilingual:
            odds = self._detect_languages(encoded, request.allowed)
            language = max(odds, key=odds.__getitem__)
        tokenizer, suppressed = self._get_tokenizer(language)
        before = [*self._tokenize_words(request.words), *self._tokenize_text(request.expected)]
        prompt = whisper.get_prompt(tokenizer, before, without_timestamps=request.live)
        voiced_s, voice_probability = (len(audio) / RATE_HZ, 0.0) if request.murmur else measure_voice(request.voices)
        token_limit = min(max_tokens(voiced_s), whisper.max_length // 2)
        result = whisper.model.generate(
            encoded,
            [prompt],
            beam_size=request.beam,
            max_length=max(
                2 * token_limit, token_limit + len(prompt)
            ),  # CTranslate2 halves it, or subtracts the prompt
            max_initial_timestamp_index=MAX_FIRST_TIMESTAMP,
            suppress_blank=True,
            suppress_tokens=suppressed,
            no_repeat_ngram_size=0 if repeating else NO_REPEAT_TOKENS,
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        tokens = cut_unsaid(result.sequences_ids[0], tokenizer.timestamp_begin, len(audio) / RATE_HZ)
        words = [token for token in tokens if token < tokenizer.eot]
        evidence = DecodeEvidence(
            text=tokenizer.decode(words).strip(),
            tokens=len(words),
            voiced_s=voiced_s,
            mean_log_probability=result.scores[0] * len(tokens) / (len(tokens) + 1),
            no_speech_probability=result.no_speech_prob,
            hit_token_limit=len(tokens) >= token_limit,
            voice_probability=voice_probability,
        )
        stamps = [token - tokenizer.timestamp_begin for token in tokens if token >= tokenizer.timestamp_begin]
        return _DecodePass(
            language, evidence, min(stamps[-1] * TIMESTAMP_SAMPLES, len(audio)) if stamps else len(audio)
        )

    def _count_min_frames(self, audio: Audio) -> int:
        """Return the shortest input that this model accepts for `audio`."""
        return count_mel_frames(len(audio), self._input_length)

    def _encode(self, audio: Audio, frames: int) -> Any:
        from faster_whisper.audio import pad_or_trim

        features = self._whisper.feature_extractor(audio)[:, :FULL_MEL_FRAMES]
        return self._whisper.encode(pad_or_trim(features, frames))

    def _average_state(self, encoded: Any, samples: int) -> list[float]:
        """Return the mean encoder state over `samples`; two mel frames make a state."""
        if self.device != "cpu":
            import ctranslate2

            encoded = encoded.to_device(ctranslate2.Device.cpu)
        states = np.array(encoded)[0][: max(1, samples * 50 // RATE_HZ)].astype(np.float32)
        return [round(float(value), 4) for value in states.mean(0)]

    def _detect_languages(self, encoded: Any, allowed: tuple[str, ...]) -> dict[str, float]:
        """Return the language probabilities, among the allowed ones if the model knows any."""
        if not self._whisper.model.is_multilingual:
            return {"en": 1.0}
        detected = {token[2:-2]: float(p) for token, p in self._whisper.model.detect_language(encoded)[0]}
        odds = {code: p for code, p in detected.items() if code in allowed} or detected
        return {code: p / sum(odds.values()) for code, p in odds.items()}

    @functools.cache  # noqa: B019 - the model lives as long as its process
    def _get_tokenizer(self, language: str) -> tuple[Any, list[int]]:
        from faster_whisper.tokenizer import Tokenizer
        from faster_whisper.transcribe import get_suppressed_tokens

        whisper = self._whisper
        tokenizer = Tokenizer(whisper.hf_tokenizer, whisper.model.is_multilingual, task="transcribe", language=language)
        return tokenizer, list(get_suppressed_tokens(tokenizer, [-1]))

    @functools.cache  # noqa: B019
    def _tokenize_text(self, text: str) -> list[int]:
        """Return the tokens of a text that the model sees as preceding; none where it is too long for a prompt."""
        tokens = self._get_tokenizer("en")[0].encode(f" {text}") if text else []
        return tokens if len(tokens) <= MAX_EXPECTED_TOKENS else []

    @functools.cache  # noqa: B019
    def _tokenize_words(self, words: tuple[str, ...]) -> list[int]:
        """Return the tokens of as many of the words as fit a prompt; the model sees them as preceding text."""
        tokenizer, _ = self._get_tokenizer("en")
        tokens: list[int] = []
        for word in words:
            word_tokens = tokenizer.encode(f" {word.strip()}" + ",")
            if len(tokens) + len(word_tokens) > MAX_PROMPT_TOKENS:
                break
            tokens += word_tokens
        return tokens
