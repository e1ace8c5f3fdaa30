"""A user before the app's questions, who speaks into a microphone that is not there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import anyio

from desktop.app.engine import Engine
from desktop.app.status import AssistantQuestion
from tests.support.running_engine import NoWindows
from tests.support.stage import FakeMicrophone, FakePaster, FakeRecognizer


class User(NoWindows):
    """Windows before a user who allows and declines as a test says, and answers by voice only where it presses."""

    def __init__(self) -> None:
        self.questions: list[AssistantQuestion] = []
        self.allows: bool | None = None
        self.is_shown = True
        self.asked = anyio.Event()
        self.closed = 0

    async def ask(self, question: AssistantQuestion, on_shown: Callable[[], None]) -> bool:
        self.questions.append(question)
        if self.is_shown:
            on_shown()
        self.asked.set()
        try:
            if self.allows is None:
                await anyio.sleep_forever()
            return bool(self.allows)
        finally:
            self.closed += 1


class SpeakingUser:
    """An engine with fakes at its edges, and a user who speaks."""

    def __init__(self, engine: Engine, user: User) -> None:
        self.engine, self.user = engine, user
        self.microphone, self.paster, self.recognizer = FakeMicrophone(), FakePaster(), FakeRecognizer()
        self.take_place()

    def take_place(self) -> None:
        """Put the fakes in: also after a reload, which makes all parts anew."""
        controller = self.engine._dictation_controller
        controller.dependencies = replace(
            controller.dependencies, microphone=self.microphone, paster=self.paster, recognizer=self.recognizer
        )

    async def speak(self, text: str) -> None:
        """Press, say something, release."""
        (await self.press(text))()

    async def press(self, text: str) -> Callable[[], None]:
        """Press and say something; return what releases."""
        self.recognizer.texts = [text]
        count = len(self.microphone.recordings)
        self.engine.gestures.start()
        await self.until(lambda: len(self.microphone.recordings) > count)
        self.microphone.recordings[-1].say(30)
        return self.engine.gestures.stop

    async def until(self, met: Callable[[], bool]) -> None:
        with anyio.fail_after(30):
            while not met():
                await anyio.lowlevel.checkpoint()
