"""Fake model actions for the windows: cards in memory, downloads that a test advances, and a record of the requests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from desktop.app.model_cards import ModelCard, ModelFolder
from desktop.app.model_downloads import ModelDownload
from desktop.core.errors import UserError
from desktop.core.messages import Message
from desktop.ui.controllers.models import ModelActions

MB = 1_000_000


def known(name: str, **more: object) -> ModelCard:
    """What there is to say of a model."""
    said = {"kind": "speech", "bytes": 145 * MB, "memory_mb": 400, "languages": "multilingual", "accuracy": 2}
    said |= {"licence": "MIT", "host": "huggingface.co"}
    return ModelCard(name=name, **(said | more))


@dataclass
class FakeFetching:
    """`shelf` has the cards; `move` tells who watches how the downloads are; `asked` what was asked of it."""

    shelf: list[ModelCard] = field(
        default_factory=lambda: [
            known("tiny.en", bytes=78 * MB, memory_mb=300, languages="en", accuracy=1),
            known(
                "base",
                has_package_mirror=True,
                installed=True,
                in_use=True,
                recommended=True,
                speed=9.8,
                removal_blocker=Message("speech-model-in-use", name="base"),
            ),
            known("small", bytes=486 * MB, memory_mb=1000, accuracy=3, installed=True, speed=2.6),
            known("large-v3-turbo", bytes=1620 * MB, memory_mb=2500, accuracy=5),
            known("qwen3-0.6b", kind="language", bytes=639 * MB, memory_mb=1300, accuracy=3, licence="Apache-2.0"),
        ]
    )
    asked: list[str] = field(default_factory=list)
    problem: UserError | None = None
    speed: float | UserError = 21.0
    watching: list[Callable[[Sequence[ModelDownload]], None]] = field(default_factory=list)

    def fetching(self) -> ModelActions:
        """All that can be asked; each notes its own name."""

        def note(deed: str):
            return lambda name: self.asked.append(f"{deed} {name}")

        return ModelActions(
            load_cards=lambda then: then(tuple(self.shelf)),
            find_recommended=lambda languages, then: then(
                next((card for card in self.shelf if card.recommended), None)
            ),
            load_storage=lambda then: then(ModelFolder(Path("/home/somebody/models"), 93_000 * MB)),
            watch=self._watch,
            download=note("fetch"),
            pause=note("pause"),
            cancel=note("cancel"),
            verify=self._answering("verify"),
            remove=self._answering("remove"),
            measure_speed=self._measure,
            check_folder=lambda folder, then: then(self.problem or folder),
        )

    def move(self, *fetches: ModelDownload) -> None:
        """Tell how the downloads are now."""
        for told in self.watching:
            told(fetches)

    def become(self, name: str, **more: object) -> None:
        """Have it known otherwise from now on."""
        self.shelf = [replace(card, **more) if card.name == name else card for card in self.shelf]

    def _watch(self, told: Callable[[Sequence[ModelDownload]], None]) -> Callable[[], None]:
        self.watching.append(told)
        told(())
        return lambda: self.watching.remove(told)

    def _answering(self, deed: str):
        def ask(name: str, then: Callable[[UserError | None], None]) -> None:
            self.asked.append(f"{deed} {name}")
            then(self.problem)

        return ask

    def _measure(self, name: str, then: Callable[[float | UserError], None]) -> None:
        self.asked.append(f"measure {name}")
        then(self.speed)
