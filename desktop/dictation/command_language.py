"""Hear a short paragraph of a hands-free dictation again in the language of those before it, where it was taken for
another one: two words tell a recognizer little of their language, and "send it" in Japanese is no command."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from functools import partial

from desktop.core.errors import UserError
from desktop.core.interfaces import Recognizer
from desktop.core.types import RATE_HZ, Frame, Transcript
from desktop.dictation.dependencies import SessionDependencies
from desktop.dictation.insertion import is_scratch_phrase
from desktop.dictation.kept_sound import KeepingChooser, KeepingRecognizer
from desktop.dictation.paragraphs import LEAD_S
from desktop.dictation.spoken_commands import find_spoken_command

logger = logging.getLogger(__name__)

COMMAND_S = 3.0
"""Longest speech in seconds that is heard again. A paragraph also has up to `LEAD_S` before it, and the pause that ends
it."""


class CommandLanguage:
    """The languages of the paragraphs of one hands-free dictation so far."""

    def __init__(self) -> None:
        self._spoken: Counter[str] = Counter()

    def adapt_dependencies(self, dependencies: SessionDependencies) -> SessionDependencies:
        """Return `dependencies` for one more paragraph. They are as they were where nothing hears speech again."""
        if dependencies.recognize_in is None:
            return dependencies
        listen = partial(self._listen, dependencies)
        languages = dependencies.languages
        return replace(
            dependencies,
            recognizer=listen(dependencies.recognizer),
            languages=KeepingChooser(languages, listen) if languages is not None else None,
        )

    def _listen(self, dependencies: SessionDependencies, recognizer: Recognizer) -> Recognizer:
        sound = _ShortSound(LEAD_S + COMMAND_S + dependencies.end_silence_s)
        return KeepingRecognizer(recognizer, sound.add, partial(self._choose, dependencies, sound))

    async def _choose(self, dependencies: SessionDependencies, sound: _ShortSound, heard: Transcript) -> Transcript:
        """Return `heard`, or the command that its sound is in the language that was spoken most so far."""
        (usual, _), *_ = self._spoken.most_common(1) or [("", 0)]
        is_other = bool(usual and heard.language and heard.text) and heard.language != usual
        if is_other and not _is_command(heard) and sound.frames and dependencies.recognize_in is not None:
            try:
                again = await dependencies.recognize_in(_replay(sound.frames), (usual,))
            except UserError:
                logger.info("a short paragraph could not be heard again in another language")
            else:
                if _is_command(again):
                    return again
        if heard.language and heard.text:
            self._spoken[heard.language] += 1
        return heard


def _is_command(heard: Transcript) -> bool:
    return find_spoken_command(heard.text) is not None or is_scratch_phrase(heard.text)


class _ShortSound:
    """The frames of a sound; none once it is longer than `longest_s`."""

    def __init__(self, longest_s: float) -> None:
        self.frames: list[Frame] = []
        self._left = round(longest_s * RATE_HZ)

    def add(self, frame: Frame) -> None:
        """Add one more frame."""
        self._left -= len(frame)
        if self._left < 0:
            self.frames.clear()
        else:
            self.frames.append(frame)


async def _replay(frames: Sequence[Frame]) -> AsyncIterator[Frame]:
    for frame in frames:
        yield frame
