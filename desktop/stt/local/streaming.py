"""Transcribe one dictation with Whisper: frames in, the best known text out.

It segments with `stt.local.segmenter`, schedules decodes on two lanes with `stt.local.scheduler`, and joins the texts
of the windows that `stt.local.scheduler` chooses. `WhisperClient.transcribe` runs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import anyio
import numpy as np
from numpy.typing import NDArray

from desktop.audio.vad import VoiceActivity
from desktop.core.text import join
from desktop.core.types import FRAME, RATE_HZ, Audio, Frame, Segment, Transcript
from desktop.stt.local.cover import cover
from desktop.stt.local.held import Held
from desktop.stt.local.language import Look, average, decide, due
from desktop.stt.local.scheduler import PATIENCE_S, Cost, Doing, Job, Kind, Lane, Work, complete, last_job, next_job
from desktop.stt.local.segmenter import VOICE, Window, Windows, murmurs, over
from desktop.stt.local.whisper_decoder import Question

AHEAD_S = 2.0
"""Seconds by which audio may be ahead of real time and still count as live: pre-roll, a busy loop."""

BEHIND_S = 120.0
"""Maximum seconds of closed groups that wait for decoding here.

Further audio waits at its source, which may be a disk. Beyond half of it all lanes decode long windows, which cost the
least.
"""

STANDING = 4
"""Number of later closed groups after which a doubtful group is settled, by one long window or not at all.

Audio is kept while in doubt, and at the release all of it would be decoded again.
"""


class Answer(Protocol):
    """The result of a decode; see `client.DecodedWindow`."""

    text: str
    language: str
    guard: str
    sure: bool
    took_s: float
    odds: Mapping[str, float]
    voice: Sequence[float]


class Decoder(Protocol):
    """What a stream needs of `client.WhisperClient`, which outlives it."""

    name: str
    device: str
    languages: tuple[str, ...]
    words: tuple[str, ...]
    last_language: str
    cost: Cost

    async def decode(self, audio: Audio, question: Question) -> Any:
        """Decode a window; return an `WindowResult`."""
        ...


class Take:
    """Transcribes one recording while it is made."""

    def __init__(self, decoder: Decoder, show: Callable[[Transcript], None]) -> None:
        self._decoder = decoder
        self._show = show
        self._voice = VoiceActivity()
        self._voices: list[float] = []
        self._windows = Windows()
        self._work = Work()
        self._held = Held()
        self._freed = 0  # groups whose audio was released
        self._voiced = 0  # frames
        self._began = anyio.current_time()
        self._ended = self._complete = False
        self._patient = False
        self._news = anyio.Event()
        self._found: dict[Window, Answer] = {}
        self._live: tuple[Window, Answer] | None = None
        self._decode_s = 0.0
        self._guards: list[str] = []
        self._looks: list[Look] = []
        self._allowed = decoder.languages  # a change applies to the next dictation
        self._language = self._allowed[0] if len(self._allowed) == 1 else ""

    @property
    def behind_s(self) -> float:
        """Seconds of closed groups that are not decoded yet."""
        groups = map(over, self._windows.groups[self._freed :])
        return sum(window.seconds for window in groups if window not in self._work.done)

    async def room(self) -> None:
        """Wait until more audio may be added."""
        while self.behind_s > BEHIND_S:
            await self._news.wait()

    @property
    def seconds_held(self) -> float:
        """Seconds of audio in memory."""
        return self._held.seconds

    def hear(self, frame: Frame) -> None:
        """Add the next frame."""
        self._held.add(frame)
        voice = self._voice(frame)
        self._voices.append(voice)
        self._voiced += voice >= VOICE
        self._windows.hear(voice)
        if not self._language and due(self._voiced * FRAME / RATE_HZ, self._looks):
            self._work.look = self._windows.unsealed
        self._tell()

    async def end(self) -> None:
        """End the recording; return when everything is decoded.

        A remaining doubt is settled with more context, up to that group's length, before everything left is decoded as
        a batch.
        """
        self._windows.finish()
        self._patient = self._reads_ahead()
        self._ended = True
        self._tell()
        while not complete(self._windows, self._work, self._decoder.cost, anyio.current_time(), patient=self._patient):
            with anyio.move_on_after(PATIENCE_S):
                await self._news.wait()
        self._complete = True
        if not any(self._groups()):
            for window in murmurs(self._voices):
                self._windows.phrases.append(window)
                await self._decode(Job(window, Kind.MURMUR))
        for group in filter(self._doubtful, self._groups()[self._freed :]):
            if over(group) not in self._work.done:
                await self._decode(Job(over(group)))
        if any(map(self._doubtful, self._groups()[self._freed :])):
            await self._as_batch()

    def _doubtful(self, group: Sequence[Window]) -> bool:
        return not all(self._found[window].sure for window in self._best(group)[0])

    async def _decode(self, job: Job, full: bool = False) -> None:
        question = self._question(job, full)
        self._keep(job, question, await self._decoder.decode(self._held.sound(job.window), question))

    async def _as_batch(self) -> None:
        """Decode in windows as long as the model's, wherever they are cut: the last resort against a doubt."""
        self._guards.append("batch")
        self._windows.merge(self._freed)
        for group in self._windows.groups[self._freed :]:
            await self._decode(Job(over(group)), full=True)

    def _groups(self) -> list[list[Window]]:
        return [*self._windows.groups, self._windows.phrases]

    async def decode(self, lane: Lane) -> None:
        """Decode on `lane` whatever is worthwhile, until cancelled."""
        while True:
            if lane is Lane.AHEAD:
                await self._settle()
            job = self._next(lane)
            if job is None:
                await self._news.wait()
                continue
            self._work.doing[lane] = Doing(job, anyio.current_time())
            question = self._question(job)
            try:
                found = await self._decoder.decode(self._held.sound(job.window), question)
            finally:
                del self._work.doing[lane]
            self._keep(job, question, found)
            self._free()
            self._show(self.transcript())
            self._tell()

    def transcript(self) -> Transcript:
        """Return the current transcript."""
        known: list[Window] = []
        settled, firm = 0, True
        for group in self._groups():
            windows, count = self._best(group)
            known += windows
            whole = len(windows) == 1 and count == len(group) and group is not self._windows.phrases
            firm = firm and ((whole and self._language != "") or (self._ended and count == len(group)))
            settled = len(known) if firm else settled
        parts = [(window, self._found[window].text) for window in known]
        if self._live is not None and self._live[0].start >= (known[-1].end if known else 0):
            parts.append((self._live[0], self._live[1].text))
        return Transcript(
            text=join(text for _, text in parts),
            settled=len(join(text for _, text in parts[:settled])),
            language=self._language or next((self._found[window].language for window in reversed(known)), ""),
            segments=tuple(self._segment(window, text) for window, text in parts),
            duration_s=round(self._held.samples / RATE_HZ, 3),
            decode_s=round(self._decode_s, 3),
            engine="whisper",
            model=self._decoder.name,
            device=self._decoder.device,
            guards=tuple(self._guards),
            voice=self._state(known),
        )

    def _state(self, known: Sequence[Window]) -> NDArray[np.float32] | None:
        """Return the mean encoder state over the windows of the transcript, shape (n,); None before there is any."""
        told = [window for window in known if len(self._found[window].voice)]
        if not told:
            return None
        states = np.array([self._found[window].voice for window in told], np.float32)
        return np.average(states, 0, [window.end - window.start for window in told]).astype(np.float32)

    def _best(self, group: Sequence[Window]) -> tuple[list[Window], int]:
        """Return the windows that cover the most of a group, preferring undoubted ones that cover all of it."""
        sure = cover(group, {window for window in self._work.done if self._found[window].sure})
        return sure if sure[1] == len(group) else cover(group, self._work.done)

    def _free(self) -> None:
        """Release the audio of closed groups whose text is final."""
        while self._language and self._freed < len(self._windows.groups):
            group = self._windows.groups[self._freed]
            if over(group) not in self._work.done or self._doubtful(group):
                return
            self._let_go(group)

    async def _settle(self) -> None:
        """Decode an old doubtful group once more, and accept the result."""
        while self._language and len(self._windows.groups) - self._freed > STANDING and not self._ended:
            group = self._windows.groups[self._freed]
            if over(group) not in self._work.done:
                return
            if self._doubtful(group):
                await self._decode(Job(over(group)), full=True)
            if not self._ended:  # else `end` handles it
                self._let_go(group)
                self._free()

    def _let_go(self, group: Sequence[Window]) -> None:
        self._held.let_go(group[-1].end)
        self._freed += 1

    def _segment(self, window: Window, text: str) -> Segment:
        return Segment(round(window.start / RATE_HZ, 3), round(min(window.end, self._held.samples) / RATE_HZ, 3), text)

    def _next(self, lane: Lane) -> Job | None:
        now, cost = anyio.current_time(), self._decoder.cost
        if self._ended:
            return last_job(self._windows, self._work, cost, now, patient=self._patient)
        return next_job(lane, self._windows, self._work, cost, now, patient=self._reads_ahead())

    def _reads_ahead(self) -> bool:
        """Whether audio arrives faster than speech, or than it can be decoded phrase by phrase."""
        ahead = self._held.samples / RATE_HZ > 2 * (anyio.current_time() - self._began) + AHEAD_S
        return ahead or self.behind_s > BEHIND_S / 2

    def _question(self, job: Job, full: bool = False) -> Question:
        window, decoder = job.window, self._decoder
        if job.kind is Kind.LANGUAGE:
            return Question("", allowed=self._allowed, only_language=True)
        average_odds = average(self._looks)
        likely = max(average_odds, key=average_odds.__getitem__, default="")
        language = self._language or decoder.last_language or likely
        voices = "".join(
            str(min(9, int(10 * voice))) for voice in self._voices[window.start // FRAME : -(-window.end // FRAME)]
        )
        live, murmur = job.kind is Kind.LIVE, job.kind is Kind.MURMUR
        words = () if live or murmur else decoder.words
        return Question(voices, language, self._allowed, job.beam, words, live, full=full, murmur=murmur)

    def _keep(self, job: Job, question: Question, found: Answer) -> None:
        self._decode_s += found.took_s
        if job.kind is Kind.LANGUAGE:
            self._look(job.window, found.odds)
            return
        if job.kind is Kind.LIVE:
            self._live = (job.window, found)
            work = self._work
            work.live_end, work.live_said = job.window.end, bool(found.text)
            work.live_s, work.live_at = found.took_s, anyio.current_time()
            return
        if not found.guard:
            self._decoder.cost.learn(job.window, found.took_s)  # of one pass, not of two
        if self._language and (question.language or found.language) != self._language:
            return  # the language was decided meanwhile: the window is still missing, and will be decoded again
        self._found[job.window] = found
        self._work.done.add(job.window)
        if found.guard:
            self._guards.append(found.guard)
        phrase = self._windows.speaking
        if phrase is not None and phrase.start == job.window.start:
            self._live = (job.window, found)  # the user speaks on: it may be shown all the same

    def _look(self, window: Window, odds: Mapping[str, float]) -> None:
        """Add language probabilities; windows decoded in another language will be decoded again."""
        self._work.look = None
        if self._complete:
            return  # windows in another language would not be decoded again
        self._looks.append(Look(self._voiced_s(window.start, window.end), odds))
        self._language = decide(self._looks, self._decoder.last_language)
        if self._language:
            self._decoder.last_language = self._language
            self._work.done = {w for w in self._work.done if self._found[w].language == self._language}

    def _voiced_s(self, start: int, end: int) -> float:
        return sum(voice >= VOICE for voice in self._voices[start // FRAME : end // FRAME]) * FRAME / RATE_HZ

    def _tell(self) -> None:
        news, self._news = self._news, anyio.Event()
        news.set()
