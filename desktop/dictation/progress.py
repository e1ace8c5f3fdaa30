"""What is known of a running dictation, and shown of it: the key, the words so far, the window."""

from __future__ import annotations

import time
from collections.abc import AsyncIterable, Callable
from dataclasses import replace

import anyio

from desktop.core.interfaces import Recognizer
from desktop.core.state import DictationState, Listening, Transcribing, compute_countdown_s
from desktop.core.types import DictationContext, Frame, Target, Transcript
from desktop.dictation.capture import AudioCapture
from desktop.dictation.dependencies import SessionDependencies
from desktop.dictation.live_text import LiveText
from desktop.dictation.target import TargetTracker
from desktop.stt.expected_speech import expecting

SPOKEN_CODE = (
    "def snake_case open paren self, comma, x, close paren, colon. const camelCase equals open brace close brace "
    "semicolon. while count greater than zero, return. bool done equals false. dash dash watch."
)
"""What is said in spoken code: after such a text Whisper hears more of its commands as they are said (`make
prove-code`). An example for prompts to agents changed nothing."""


class SessionProgress:
    """The progress of one dictation.

    - `transcript`: the words so far.
    - `tracker`: the window that they are for.
    - `capture`: the audio, and the key.
    - `live_text`: the words in the field itself.
    - `languages`: those that were chosen at the press, none where the settings alone decide.
    - `intent_known`: set unless it is being found out whether the press was meant; nothing is shown meanwhile.
    - `last_shown`: the state that was shown last.

    `show_state` shows a state and returns whether it is visible.
    """

    def __init__(
        self,
        dependencies: SessionDependencies,
        number: int,
        pressed_at: float,
        show_state: Callable[[DictationState], bool],
        on_target: Callable[[Target], None],
        on_auto_stop: Callable[[], None],
    ) -> None:
        """See `TargetTracker` for `on_target`, and `AudioCapture` for `on_auto_stop`."""
        self._recording_since = time.monotonic()
        self.transcript = Transcript()
        self.tracker = TargetTracker(dependencies, on_target, pressed_at or self._recording_since)
        self.capture = AudioCapture(
            dependencies, self.tracker, self.show_transcript, on_auto_stop, lambda: bool(self.transcript.text)
        )
        self.live_text = LiveText(dependencies, self.tracker)
        self.languages: tuple[str, ...] = ()
        self.intent_known = anyio.Event()
        self.intent_known.set()
        self.last_shown: DictationState | None = None
        self._dependencies = dependencies
        self._number = number
        self._show_state = show_state

    def show(self, state: DictationState) -> None:
        """Show `state`, unless it is not known yet whether the press was meant."""
        if self.intent_known.is_set() and self._show_state(state):
            self.last_shown = state

    def show_transcript(self) -> None:
        """Show the words so far: while the user speaks, or after the release."""
        if self.capture.released.is_set():
            self.show_words()
            return
        self.show(
            Listening(
                self.transcript,
                self.capture.level,
                self._recording_since,
                self.capture.device,
                self.capture.is_locked,
                self.tracker.target,
                compute_countdown_s(self.capture.captured_s, self._dependencies.max_duration_s),
                self.capture.problem,
                self.tracker.style.name,
                self.tracker.style_reason,
                self.languages,
            )
        )

    def show_words(self) -> None:
        """Show the words so far after the release, and the window that they go to if it is not that of the press."""
        self.show(Transcribing(self.transcript, self.tracker.new_target))

    async def recognize(self, speech: AsyncIterable[Frame], *, is_text: bool) -> Transcript:
        """Return the transcript of the dictation, whose partial ones are shown; `is_text` where its words are for the
        window. Raises `RecognizerError`."""
        recognizer = await self._choose_recognizer()
        if not is_text:
            return await recognizer.transcribe(speech, self.on_partial)
        with expecting(self._find_expected):
            return await recognizer.transcribe(speech, self.on_partial)

    async def _choose_recognizer(self) -> Recognizer:
        """Return the recognizer, for the languages that the keyboard's layout or the application chooses where they
        do. The audio waits in its buffer meanwhile."""
        chooser = self._dependencies.languages
        if chooser is None:
            return self._dependencies.recognizer
        self.languages = await chooser.choose(self._read_start_target)
        if self.last_shown is not None and not self.capture.released.is_set():
            self.show_transcript()
        return chooser.create_recognizer(self.languages)

    def _find_expected(self, language: str) -> str:
        """See `desktop.stt.expected_speech.FindExpected`: by the style of the window, once it is known."""
        style = self.tracker.style
        return SPOKEN_CODE if language == "en" and style.code == "all" and style.mode != "off" else ""

    async def _read_start_target(self) -> Target:
        await self.tracker.looked_up.wait()
        return self.tracker.target

    def on_new_target(self) -> None:
        """Show that the words go to another window than that of the press; they do not stand in that one any more."""
        self.live_text.end()
        self.show_words()

    def on_partial(self, transcript: Transcript) -> None:
        """Show the words so far, and have them polished early."""
        if self.tracker.target.is_password:
            return
        self.transcript = transcript
        self.live_text.show(transcript.text)
        if transcript.text:
            self._dependencies.polisher.prepare(transcript.text, self.build_context())
        self.show_transcript()

    async def find_speech(self) -> bool:
        """Return whether something was said since the press, so that it was meant."""
        await self.intent_known.wait()
        self.intent_known = anyio.Event()
        try:
            has_speech = bool(self.transcript.text) or await self.capture.has_voice_since_press()
            return has_speech or bool(self.transcript.text)  # words that have come meanwhile
        finally:
            self.intent_known.set()

    def build_context(self) -> DictationContext:
        """Return what a polisher may know."""
        style = self.tracker.style
        if self.tracker.is_interrupted and style.mode != "off":
            style = replace(style, mode="rules")  # no service may get it: it may contain a password
        return DictationContext(
            self.tracker.target,
            self.transcript.language,
            self._number,
            style,
            self.tracker.style_reason,
            clipboard=self.tracker.clipboard_text,
            microphone=self.capture.device,
        )
