"""Models for the windows: cards in memory, downloads that a test advances, and a record of the requests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, override

from desktop.app.model_cards import ModelCard, ModelFolder
from desktop.app.model_downloads import ModelDownload
from desktop.core.errors import UserError
from desktop.core.messages import Message
from desktop.ui.bridge import ListOption
from desktop.ui.controllers.models import ModelsController
from models.catalog import ModelKind

MB = 1_000_000


def known(name: str, **more: object) -> ModelCard:
    """What there is to say of a model."""
    said = {"kind": "speech", "bytes": 145 * MB, "memory_mb": 400, "languages": (), "accuracy": 2}
    said |= {"licence": "MIT", "host": "huggingface.co"}
    return ModelCard(name=name, **(said | more))


@dataclass
class FakeFetching(ModelsController):
    """`shelf` has the cards; `move` tells who watches how the downloads are; `asked` what was asked of it."""

    shelf: list[ModelCard] = field(
        default_factory=lambda: [
            known("tiny.en", bytes=78 * MB, memory_mb=300, languages=("en",), accuracy=1),
            known(
                "base",
                has_package_mirror=True,
                installed=True,
                in_use=True,
                recommended=True,
                speed=9.8,
                removal_blocker=Message("speech-model-in-use", name="Whisper base"),
            ),
            known("small", bytes=486 * MB, memory_mb=1000, accuracy=3, installed=True, speed=2.6),
            known(
                "parakeet-unified",
                bytes=731 * MB,
                memory_mb=900,
                accuracy=5,
                languages=("en",),
                licence="CC-BY-4.0",
                family="parakeet",
                attribution="Parakeet Unified by NVIDIA.",
                is_proved=False,
            ),
            known("large-v3-turbo", bytes=1620 * MB, memory_mb=2500, accuracy=5),
            known("qwen3-0.6b", kind="language", bytes=639 * MB, memory_mb=1300, accuracy=3, licence="Apache-2.0"),
        ]
    )
    asked: list[str] = field(default_factory=list)
    problem: UserError | None = None
    speed: float | UserError = 21.0
    watching: list[Callable[[Sequence[ModelDownload]], None]] = field(default_factory=list)

    def move(self, *fetches: ModelDownload) -> None:
        """Tell how the downloads are now."""
        for told in self.watching:
            told(fetches)

    def become(self, name: str, **more: object) -> None:
        """Have it known otherwise from now on."""
        self.shelf = [replace(card, **more) if card.name == name else card for card in self.shelf]

    @override
    def list_models(self, kind: ModelKind, on_result: Callable[[Sequence[ListOption]], None]) -> None:
        name, note = ("base", "installed") if kind == "speech" else ("smollm2-135m", "")
        on_result([ListOption("auto", "Automatic"), ListOption(name, name, note)])

    @override
    def load_cards(self, on_result: Callable[[Any], None]) -> None:
        on_result(tuple(self.shelf))

    @override
    def find_recommended(self, languages: Sequence[str] | None, on_result: Callable[[Any], None]) -> None:
        on_result(next((card for card in self.shelf if card.recommended), None))

    @override
    def load_storage(self, on_result: Callable[[Any], None]) -> None:
        on_result(ModelFolder(Path("/home/user/models"), 93_000 * MB))

    @override
    def watch(self, on_change: Callable[[Sequence[ModelDownload]], None]) -> Callable[[], None]:
        self.watching.append(on_change)
        on_change(())
        return lambda: self.watching.remove(on_change)

    @override
    def download(self, name: str) -> None:
        self.asked.append(f"fetch {name}")

    @override
    def pause(self, name: str) -> None:
        self.asked.append(f"pause {name}")

    @override
    def cancel(self, name: str) -> None:
        self.asked.append(f"cancel {name}")

    @override
    def verify(self, name: str, on_result: Callable[[Any], None]) -> None:
        self.asked.append(f"verify {name}")
        on_result(self.problem)

    @override
    def remove(self, name: str, on_result: Callable[[Any], None]) -> None:
        self.asked.append(f"remove {name}")
        on_result(self.problem)

    @override
    def measure_speed(self, name: str, on_result: Callable[[Any], None]) -> None:
        self.asked.append(f"measure {name}")
        on_result(self.speed)

    @override
    def check_folder(self, folder: Path, on_result: Callable[[Any], None]) -> None:
        on_result(self.problem or folder)
