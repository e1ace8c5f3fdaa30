"""What the recordings say about a correction: that of the last text, loaded while the key is held, and its own.

A dictation goes first: each question to the speech model is a job of a fraction of a second that waits for it.
What is written alone decides where the recording is not loaded in time, or the time for all questions is over.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain

import anyio
import numpy as np
import numpy.typing as npt
from anyio import to_thread

from desktop.audio.file import read_audio
from desktop.core.errors import UserError
from desktop.core.interfaces import LanguageChooser, Recognizer, WordAligner
from desktop.core.tasks import gather
from desktop.core.types import RATE_HZ, Audio, Frame, Replacement, TimedWord, Transcript
from desktop.dictation.again_in_place import (
    FIRST_MARGIN,
    choose_words,
    list_different,
    read_between,
    splice_sound,
)
from desktop.dictation.again_match import MAX_EXTRA_WORDS, MAX_SAID_WORDS, Candidate, fit_written
from desktop.dictation.again_sound import Bands, find_bands, has_contrast, measure_runs, trim_noise
from desktop.dictation.again_weighing import Measured
from desktop.dictation.again_windows import (
    MAX_WINDOW_S,
    WordTimes,
    cut_sound,
    end_text,
    find_window,
    find_word_times,
    write_window,
)
from desktop.dictation.kept_sound import KeepingChooser, KeepingRecognizer
from desktop.dictation.result import EDIT_STYLE
from desktop.history.rows import HistoryRow
from desktop.stt.silence import detect_voice

logger = logging.getLogger(__name__)

TIMEOUT_S = 3.0
"""Most seconds that the recordings are asked for one correction. Base on two cores took 1.0 until something was shown,
with the recognition of the correction (median of 53)."""

LOAD_TIMEOUT_S = 2.0
"""Most seconds after the words until the recording is loaded and its words are timed, which begins at the press: base
takes 0.6 s for each 14 s of it."""

MAX_RECORDING_S, MAX_CORRECTION_S = 180.0, 13.0
"""Longest recording of a text, and longest correction, that are asked."""

LONGEST_RUN = MAX_SAID_WORDS + MAX_EXTRA_WORDS
"""Most words whose sound is compared with that of the correction."""

MIN_VOICE_S = 0.1
"""Seconds of voice from which on an empty transcript is doubted: short words are taken for noise."""

MAX_ALTERNATIVES = 5
"""Most texts of one sound that are looked at."""

MAX_QUESTIONS = 2
"""Most questions at a time: as many as the speech model's process answers at once. A dictation waits for one of them,
also where the time was over before it was answered."""


class RecordedEvidence:
    """The recordings of one correction; `get_aligner` returns what is asked."""

    def __init__(self, get_aligner: Callable[[], WordAligner]) -> None:
        self._get_aligner = get_aligner
        self._row: HistoryRow | None = None
        self._audio: Audio | None = None
        self._bands: Bands | None = None
        self._timed: tuple[TimedWord, ...] = ()
        self._hulls: dict[int, tuple[int, int]] = {}
        self._loaded = anyio.Event()
        self._frames: list[Frame] = []
        self._load_deadline = self._deadline = math.inf
        self._alternatives: tuple[str, ...] | None = None
        self._alone_scores: dict[str, float] = {}
        self._alternatives_lock, self._scores_lock = anyio.Lock(), anyio.Lock()
        self._asking = anyio.Semaphore(MAX_QUESTIONS)

    async def load(self, row: HistoryRow | None) -> None:
        """Load the recording of `row`, and find its words there."""
        try:
            if row is None or row.audio_path is None or row.duration_s > MAX_RECORDING_S or row.style == EDIT_STYLE:
                return
            audio = await to_thread.run_sync(read_audio, row.audio_path)
            self._timed = await self._get_aligner().align(audio, row.raw_text, row.language, is_urgent=True)
            self._row, self._audio, self._bands = row, audio, await to_thread.run_sync(find_bands, audio)
        except UserError as problem:
            logger.warning("a correction goes without the recording: %s", problem)
        finally:
            self._loaded.set()

    def listen(self, recognizer: Recognizer) -> Recognizer:
        """Return `recognizer`, which also keeps what it hears here, and writes something where that is speech."""
        return KeepingRecognizer(recognizer, self._frames.append, self._write_speech)

    def listen_in(self, chooser: LanguageChooser) -> LanguageChooser:
        """Return `chooser`, whose recognizers also keep what they hear here."""
        return KeepingChooser(chooser, self.listen)

    async def measure(
        self,
        text: str,
        row: HistoryRow,
        said: str,
        places: Sequence[Sequence[tuple[Candidate, Replacement]]],
        language: str,
        is_comparable: bool,
    ) -> list[list[Measured]] | None:
        """Return what the recordings say of the variants of each place of `text`, which `row` has; None if they say
        nothing. `is_comparable`: what stands there may sound as `said` was."""
        if not places or not await self._has_recording(row):
            return None
        with self._limit_time():
            gaining = [partial(self._measure_gains, text, place, language) for place in places]
            saying = [partial(self._measure_as_said, text, said, places, language)] if is_comparable else []
            measured = await gather(*gaining, *saying)
            gains = measured[: len(places)]
            if None in measured:
                return None
            likely = chain.from_iterable(each or () for each in measured[len(places) :])
            return [
                [Measured(candidate, gain, next(likely, 0.0)) for (candidate, _), gain in zip(place, some, strict=True)]
                for place, some in zip(places, gains, strict=True)
                if some is not None
            ]
        return None

    async def measure_choices(
        self, text: str, row: HistoryRow, choices: Sequence[Replacement], language: str
    ) -> list[float] | None:
        """Return by how much `text`, which `row` has, is likelier with each of `choices`, in its recording; None if it
        says nothing."""
        if not choices or not await self._has_recording(row):
            return None
        by_hull: dict[tuple[int, int], list[Replacement]] = {}
        for each in choices:
            by_hull.setdefault(self._hulls.get(each.start, (each.start, each.end)), []).append(each)
        with self._limit_time():
            measured = await gather(
                *(partial(self._measure_written, text, hull, some, language) for hull, some in by_hull.items())
            )
            gains: dict[Replacement, float] = {}
            for some, found in zip(by_hull.values(), measured, strict=True):
                if found is None:
                    return None
                gains |= zip(some, found, strict=True)
            return [gains[each] for each in choices]
        return None

    async def compare_sounds(self, text: str, row: HistoryRow) -> Callable[[int, int], float] | None:
        """Return what measures how far the sound of a span of `text`, which `row` has, is from that of the correction,
        in [0, 1]; None where one of both is not known."""
        correction = self._correction()
        if not len(correction) or not await self._has_recording(row):
            return None
        times = find_word_times(text, row.raw_text, self._timed)
        if times is None:
            return None
        with self._limit_time():
            distances = await to_thread.run_sync(self._measure_runs, correction, times, abandon_on_cancel=True)
            if distances is None:
                return None

            def measure(start: int, end: int) -> float:
                first, count = times.find_run(start, end)
                return min(1.0, float(distances[first, count - 1])) if 0 < count <= LONGEST_RUN else 1.0

            return measure
        return None

    async def hear_in_place(
        self, text: str, row: HistoryRow, span: tuple[int, int], written: str, language: str
    ) -> str:
        """Return what the correction says at `text[span]`, which `row` has: as it is heard within the sound of the
        sentence, or alone. That is `written`, or something else where that is likelier; where `written` is empty, the
        likeliest that does not stand there, empty if nothing is heard."""
        correction = self._correction()
        if not len(correction) or not await self._has_recording(row):
            return written
        assert self._audio is not None
        window = find_window(text, span, row.raw_text, self._timed, MAX_WINDOW_S - len(correction) / RATE_HZ)
        if window is None or window.place is None:
            return written
        with self._limit_time():
            sound, stood = splice_sound(self._audio, window, window.place, correction), text[span[0] : span[1]]
            around = text[window.start : span[0]], text[span[1] : window.end]
            sentences, heard_alone = await gather(
                partial(self._list_alternatives, sound, language), partial(self.list_alternatives, language)
            )
            in_place = [read_between(sentence, *around) for sentence in sentences]
            options = list_different([written or stood, *in_place, *heard_alone], stood)[0 if written else 1 :]
            if len(options) < 2:
                return options[0] if options else ""
            fitted = [fit_written(text, *span, option, language) for option in options]
            scores, alone = await gather(
                partial(self._score, sound, [write_window(text, window, each) for each in fitted], language),
                partial(self._score_alone, options, language),
            )
            if scores and alone:
                return choose_words(options, scores, alone, FIRST_MARGIN if written else 0.0)
        return written

    async def list_alternatives(self, language: str) -> tuple[str, ...]:
        """Return what the correction may say by itself, likeliest first."""
        with self._limit_time():
            async with self._alternatives_lock:
                if self._alternatives is None:
                    self._alternatives = await self._list_alternatives(self._correction(), language)
        return self._alternatives or ()

    async def _write_speech(self, transcript: Transcript) -> Transcript:
        """Return `transcript`, with what the correction may say where it is empty but a voice is heard."""
        if transcript.text.strip() or transcript.silence_confirmed or not transcript.language:
            return transcript
        texts = (
            await self.list_alternatives(transcript.language) if await detect_voice(self._frames, MIN_VOICE_S) else ()
        )
        return replace(transcript, text=texts[0], stable_length=len(texts[0])) if texts else transcript

    def _limit_time(self) -> anyio.CancelScope:
        """Return a scope that ends when the time of all questions is over, from the first on."""
        self._deadline = min(self._deadline, anyio.current_time() + TIMEOUT_S)
        return anyio.CancelScope(deadline=self._deadline)

    def _correction(self) -> Audio:
        audio = np.concatenate(self._frames) if self._frames else np.zeros(0, np.float32)
        return audio if len(audio) <= MAX_CORRECTION_S * RATE_HZ else audio[:0]

    async def _has_recording(self, row: HistoryRow) -> bool:
        """Return whether the recording of `row` is there, for which the first question waits `LOAD_TIMEOUT_S`."""
        self._load_deadline = min(self._load_deadline, anyio.current_time() + LOAD_TIMEOUT_S)
        with anyio.CancelScope(deadline=self._load_deadline):
            await self._loaded.wait()
        return self._row is not None and self._row.id == row.id and bool(self._timed)

    def _measure_runs(self, correction: Audio, times: WordTimes) -> npt.NDArray[np.float32] | None:
        assert self._bands is not None
        bands = find_bands(correction)
        if not has_contrast(bands) or not has_contrast(self._bands):
            return None
        return measure_runs(trim_noise(bands), self._bands, times.seconds, LONGEST_RUN)

    async def _measure_gains(
        self, text: str, place: Sequence[tuple[Candidate, Replacement]], language: str
    ) -> list[float] | None:
        hull = min(each.start for each, _ in place), max(each.end for each, _ in place)
        self._hulls |= {each.start: hull for each, _ in place}
        return await self._measure_written(text, hull, [written for _, written in place], language)

    async def _measure_written(
        self, text: str, hull: tuple[int, int], written: Sequence[Replacement], language: str
    ) -> list[float] | None:
        assert self._row is not None
        assert self._audio is not None
        window = find_window(text, hull, self._row.raw_text, self._timed)
        if window is None:
            return None
        texts = [write_window(text, window), *(write_window(text, window, each) for each in written)]
        scores = await self._score(cut_sound(self._audio, window), texts, language)
        return [score - scores[0] for score in scores[1:]] if scores else None

    async def _measure_as_said(
        self, text: str, said: str, places: Sequence[Sequence[tuple[Candidate, Replacement]]], language: str
    ) -> list[float] | None:
        texts = [text[each.start : each.end] for place in places for each, _ in place]
        scores = await self._score_alone([said, *texts], language)
        return [score - scores[0] for score in scores[1:]] if scores else None

    async def _score_alone(self, texts: Sequence[str], language: str) -> tuple[float, ...]:
        """Return the log probability of each of `texts` in the sound of the correction; empty if none is known."""
        written = [end_text(text[:1].upper() + text[1:]) for text in texts]
        async with self._scores_lock:
            missing = [text for text in dict.fromkeys(written) if text not in self._alone_scores]
            scores = await self._score(self._correction(), missing, language) if missing else ()
            self._alone_scores |= zip(missing, scores, strict=False)
        return tuple(self._alone_scores[text] for text in written) if len(scores) == len(missing) else ()

    async def _score(self, audio: Audio, texts: Sequence[str], language: str) -> tuple[float, ...]:
        async with self._asking:
            return await self._get_aligner().score(audio, texts, language)

    async def _list_alternatives(self, audio: Audio, language: str) -> tuple[str, ...]:
        async with self._asking:
            return await self._get_aligner().list_alternatives(audio, language, MAX_ALTERNATIVES)
