"""Transcribe one dictation with Whisper: frames in, the best known text out.

It segments with `desktop.stt.segmenter`, schedules decodes on two lanes with `desktop.stt.local.scheduler`, and joins
the texts of the windows that `desktop.stt.local.scheduler` chooses. `WhisperClient.transcribe` runs it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

import anyio

from desktop.audio.vad import VoiceActivity
from desktop.core.tasks import Notifier
from desktop.core.text import join_texts
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Frame, Segment, Transcript
from desktop.stt.expected_speech import find_expected
from desktop.stt.guards import is_repetitive
from desktop.stt.local.audio_window import AudioWindowBuffer, pad_tail
from desktop.stt.local.decoded_windows import DecodedWindows
from desktop.stt.local.decoding import DecodeRequest, DecodeResult
from desktop.stt.local.language import (
    LanguageSample,
    decide_language,
    is_sample_due,
    known_language,
    likely_language,
)
from desktop.stt.local.scheduler import (
    RELEASE_WAIT_S,
    DecodeJob,
    DecodeKind,
    DecodeLane,
    DecodeState,
    RunningJob,
    is_complete,
    next_final_job,
    next_job,
)
from desktop.stt.local.settlement import MAX_DOUBT_DISTANCE, SETTLE_S, settle_by_words
from desktop.stt.local.verification import WindowDecoder, decode_verified, measure_voice_s, write_voices
from desktop.stt.segmenter import VOICE_THRESHOLD, Segmenter, SpeechWindow, find_faint_speech, span_phrases

MAX_LIVE_LEAD_S = 2.0
"""Seconds by which audio may be ahead of real time and still count as live: pre-roll, a busy loop."""

MAX_BACKLOG_S = 120.0
"""Maximum seconds of closed groups that wait for decoding here.

Further audio waits at its source, which may be a disk. Beyond half of it all lanes decode long windows, which cost the
least.
"""


class WhisperStream:
    """Transcribes one recording while it is made."""

    def __init__(self, decoder: WindowDecoder, on_partial: Callable[[Transcript], None]) -> None:
        self._decoder = decoder
        self._on_partial = on_partial
        self.results: list[DecodeResult] = []  # of which the last transcript was made
        self._voice_activity = VoiceActivity()
        self._probabilities: list[float] = []
        self._segmenter = Segmenter(decoder.traits)
        self._state = DecodeState()
        self._audio = AudioWindowBuffer()
        self._released_groups = 0  # groups whose audio was released
        self._voiced_frames = 0
        self._started_at = anyio.current_time()
        self._settle_until = math.inf
        self._has_ended = self._is_complete = self._is_batch = self._is_loaded = False
        self._changed = Notifier()
        self._windows = DecodedWindows()
        self._live: tuple[SpeechWindow, DecodeResult] | None = None
        self._decode_s = 0.0
        self._guards: list[str] = []
        self._language_samples: list[LanguageSample] = []
        self._allowed = decoder.languages  # a change applies to the next dictation
        self._language = known_language(decoder.traits, self._allowed, decoder.last_language)

    @property
    def backlog_s(self) -> float:
        """Seconds of closed groups that are not decoded yet."""
        groups = map(span_phrases, self._segmenter.groups[self._released_groups :])
        return sum(window.seconds for window in groups if window not in self._state.done)

    async def wait_for_room(self) -> None:
        """Wait until more audio may be added."""
        while self.backlog_s > MAX_BACKLOG_S:
            await self._changed.wait()

    @property
    def seconds_held(self) -> float:
        """Seconds of audio in memory."""
        return self._audio.seconds

    def add_frame(self, frame: Frame) -> None:
        """Add the next frame."""
        self._audio.add(frame)
        voice = self._voice_activity(frame)
        self._probabilities.append(voice)
        self._voiced_frames += voice >= VOICE_THRESHOLD
        self._segmenter.add_frame(voice)
        self._ask_language(self._segmenter.open_group_window)
        self._changed.notify()

    def _ask_language(self, window: SpeechWindow | None) -> None:
        if not self._language and is_sample_due(self._voiced_frames * FRAME_SAMPLES / RATE_HZ, self._language_samples):
            self._state.language_window = window

    async def finish(self) -> None:
        """End the recording; return when everything is decoded.

        A remaining doubt is settled with more context, up to that group's length, before everything left is decoded as
        a batch; that of an engine whose words are judged by shorter windows too, in `SETTLE_S`.
        """
        self._segmenter.finish()
        self._is_batch, self._has_ended = self.is_faster_than_speech(), True
        if not self._is_batch:
            self._settle_until = anyio.current_time() + SETTLE_S
        if not self._segmenter.traits.judges_itself:
            self._ask_language(self._segmenter.first_group_window)
        self._changed.notify()
        while not is_complete(
            self._segmenter, self._state, self._decoder.cost, anyio.current_time(), batch=self._is_batch
        ):
            with anyio.move_on_after(RELEASE_WAIT_S):
                await self._changed.wait()
        self._is_complete = True
        if not any(self._list_groups()):
            await self._decode_faint_speech()
        if not self._segmenter.traits.judges_itself:
            known, cost = self._state.done, self._decoder.cost
            await settle_by_words(
                self._find_doubtful, self._windows, known, self._decode_window, cost, self._settle_until
            )
            return
        for group in self._find_doubtful():
            if span_phrases(group) not in self._state.done:
                await self._decode_job(DecodeJob(span_phrases(group)))
        if any(self._find_doubtful()):
            await self._decode_as_batch()

    def _find_doubtful(self) -> Iterator[list[SpeechWindow]]:
        return filter(self._is_doubtful, self._list_groups()[self._released_groups :])

    def _is_doubtful(self, group: Sequence[SpeechWindow]) -> bool:
        return self._windows.is_doubtful(group, self._state.done)

    async def _decode_faint_speech(self) -> None:
        if not find_faint_speech(self._probabilities):
            return
        await self._load()
        traits = self._segmenter.traits
        for window in find_faint_speech(self._probabilities, traits) if traits.can_judge_faint_speech else ():
            await self._decode_job(DecodeJob(window, DecodeKind.FAINT_SPEECH))
            self._segmenter.phrases.append(window)  # now, or a lane would decode it as speech meanwhile

    async def _load(self) -> None:
        """Load the model; if its traits are others than expected, cut all audio again before the first decode."""
        await self._decoder.load()
        if self._is_loaded:
            return
        self._is_loaded = True
        if self._decoder.traits is not self._segmenter.traits:
            self._segmenter = Segmenter(self._decoder.traits)
            for voice in self._probabilities:
                self._segmenter.add_frame(voice)
            if self._has_ended:
                self._segmenter.finish()
            self._language = known_language(self._decoder.traits, self._allowed, self._decoder.last_language)
            self._state = DecodeState()
            self._ask_language(self._segmenter.first_group_window)

    async def _decode_job(self, job: DecodeJob, is_full: bool = False) -> None:
        request = self._build_request(job, is_full)
        self._store_result(job, request, await self._decode(job, request))

    async def _decode_window(self, window: SpeechWindow) -> None:
        while window in self._state.done_or_running and window not in self._state.done:
            await self._changed.wait()  # a lane has begun it
        if window not in self._state.done:
            await self._decode_job(DecodeJob(window))

    async def _decode(self, job: DecodeJob, request: DecodeRequest) -> DecodeResult:
        audio = pad_tail(self._audio.read_window(job.window), self._segmenter.traits)
        return await decode_verified(self._decoder, audio, request, lambda: self._settle_until)

    async def _decode_as_batch(self) -> None:
        """Decode in windows as long as the model's, wherever they are cut: the last resort against a doubt."""
        self._guards.append("batch")
        self._segmenter.merge_groups(self._released_groups)
        for group in self._segmenter.groups[self._released_groups :]:
            await self._decode_job(DecodeJob(span_phrases(group)), is_full=True)

    async def _decode_phrases(self, group: Sequence[SpeechWindow]) -> None:
        """Take the texts of its phrases for that of a doubtful group, if they have as many words."""
        for phrase in group:
            if phrase not in self._state.done:
                await self._decode_job(DecodeJob(phrase))
        self._windows.accept_phrases(group, self._state.done)

    def _list_groups(self) -> list[list[SpeechWindow]]:
        return [*self._segmenter.groups, self._segmenter.phrases]

    async def run_lane(self, lane: DecodeLane) -> None:
        """Decode on `lane` whatever is worthwhile, until cancelled."""
        while True:
            if lane is DecodeLane.BACKGROUND:
                await self._settle_old_doubts()
            job = self._next_job(lane)
            if job is None:
                await self._changed.wait()
                continue
            if not self._is_loaded:
                await self._load()
                continue
            self._state.running[lane] = RunningJob(job, anyio.current_time())
            request = self._build_request(job)
            try:
                result = await self._decode(job, request)
            finally:
                del self._state.running[lane]
            self._store_result(job, request, result)
            self._release_known_groups()
            self._on_partial(self.build_transcript())
            self._changed.notify()

    def build_transcript(self) -> Transcript:
        """Return the current transcript."""
        known: list[SpeechWindow] = []
        settled, is_firm = 0, True
        for group in self._list_groups():
            windows, count = self._windows.find_best(group, self._state.done)
            known += windows
            is_whole = len(windows) == 1 and count == len(group) and group is not self._segmenter.phrases
            is_firm = is_firm and ((is_whole and self._language != "") or (self._has_ended and count == len(group)))
            settled = len(known) if is_firm else settled
        self.results = [self._windows.results[window] for window in known]
        parts = [(window, self._windows.results[window].text) for window in known]
        if self._live is not None and self._live[0].start >= (known[-1].end if known else 0):
            parts.append((self._live[0], self._live[1].text))
        return Transcript(
            text=join_texts(text for _, text in parts),
            stable_length=len(join_texts(text for _, text in parts[:settled])),
            language=self._language or next((self._windows.results[window].language for window in reversed(known)), ""),
            segments=tuple(
                Segment(round(w.start / RATE_HZ, 3), round(min(w.end, self._audio.samples) / RATE_HZ, 3), text)
                for w, text in parts
            ),
            duration_s=round(self._audio.samples / RATE_HZ, 3),
            decode_s=round(self._decode_s, 3),
            engine=self._decoder.traits.family,
            model=self._decoder.name,
            device=self._decoder.device,
            guards=tuple(self._guards),
            voice=self._windows.average_voice(known),
        )

    def _release_known_groups(self) -> None:
        """Release the audio of closed groups whose text is final."""
        while self._language and self._released_groups < len(self._segmenter.groups):
            group = self._segmenter.groups[self._released_groups]
            if span_phrases(group) not in self._state.done or self._is_doubtful(group):
                return
            self._release_group(group)

    async def _settle_old_doubts(self) -> None:
        """Decode an old doubtful group once more, and accept the result."""
        while (
            self._language
            and len(self._segmenter.groups) - self._released_groups > MAX_DOUBT_DISTANCE
            and not self._has_ended
        ):
            group = self._segmenter.groups[self._released_groups]
            if span_phrases(group) not in self._state.done:
                return
            if self._is_doubtful(group) and self._segmenter.traits.judges_itself:
                await self._decode_job(DecodeJob(span_phrases(group)), is_full=True)
            elif self._is_doubtful(group):
                await self._decode_phrases(group)
            if not self._has_ended:  # else `finish` handles it
                self._release_group(group)
                self._release_known_groups()

    def _release_group(self, group: Sequence[SpeechWindow]) -> None:
        self._audio.forget_before(group[-1].end)
        self._released_groups += 1

    def _next_job(self, lane: DecodeLane) -> DecodeJob | None:
        now, cost = anyio.current_time(), self._decoder.cost
        if self._has_ended:
            return next_final_job(self._segmenter, self._state, cost, now, batch=self._is_batch)
        return next_job(lane, self._segmenter, self._state, cost, now, batch=self.is_faster_than_speech())

    def is_faster_than_speech(self) -> bool:
        """Whether audio arrives faster than speech, or than it can be decoded phrase by phrase."""
        is_ahead = self._audio.samples / RATE_HZ > 2 * (anyio.current_time() - self._started_at) + MAX_LIVE_LEAD_S
        return is_ahead or self.backlog_s > MAX_BACKLOG_S / 2

    def _build_request(self, job: DecodeJob, is_full: bool = False) -> DecodeRequest:
        window, decoder = job.window, self._decoder
        if job.kind is DecodeKind.LANGUAGE:
            return DecodeRequest("", allowed=self._allowed, only_language=True)
        language = self._language or decoder.last_language or likely_language(self._language_samples)
        is_live, is_faint = job.kind is DecodeKind.LIVE, job.kind is DecodeKind.FAINT_SPEECH
        words, expected = ((), "") if is_live or is_faint else (decoder.user_words, find_expected(language))
        parts = (self._write_voices(window), language, self._allowed, job.beam, words, expected)
        return DecodeRequest(*parts, live=is_live, full=is_full, murmur=is_faint)

    def _write_voices(self, window: SpeechWindow) -> str:
        return write_voices(self._probabilities[window.start // FRAME_SAMPLES : -(-window.end // FRAME_SAMPLES)])

    def _store_result(self, job: DecodeJob, request: DecodeRequest, result: DecodeResult) -> None:
        self._decode_s += result.took_s
        if job.kind is DecodeKind.LANGUAGE:
            self._add_language_sample(job.window, result.odds)
            return
        if job.kind is DecodeKind.LIVE:
            if not is_repetitive(result.text):  # else what was shown stays until there is better
                self._live = (job.window, result)
            state = self._state
            state.live_end, state.live_had_text = job.window.end, bool(result.text)
            state.live_s, state.live_at = result.took_s, anyio.current_time()
            return
        if not result.guard:
            self._decoder.cost.add_measurement(job.window, result.took_s)  # of one pass, not of two
        if self._language and (request.language or result.language) != self._language:
            return  # the language was decided meanwhile: the window is still missing, and will be decoded again
        self._windows.results[job.window] = result
        self._state.add_known(job.window, result.text)
        held, traits = self._list_groups()[self._released_groups :], self._segmenter.traits
        self._guards += self._windows.doubt_beside_phrases(held, job.window, self._state.done, traits)
        if result.guard:
            self._guards.append(result.guard)
        phrase = self._segmenter.open_phrase
        if phrase is not None and phrase.start == job.window.start:
            self._live = (job.window, result)  # the user speaks on: it may be shown all the same

    def _add_language_sample(self, window: SpeechWindow, probabilities: Mapping[str, float]) -> None:
        """Add language probabilities; windows decoded in another language will be decoded again."""
        self._state.language_window = None
        if self._is_complete:
            return  # windows in another language would not be decoded again
        self._language_samples.append(LanguageSample(measure_voice_s(self._write_voices(window)), probabilities))
        self._language = decide_language(self._language_samples, self._decoder.last_language)
        if self._language:
            self._decoder.last_language = self._language
            self._state.done = {w for w in self._state.done if self._windows.results[w].language == self._language}
