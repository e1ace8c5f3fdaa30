"""Collect what the windows show of each model: size, languages, accuracy, speed on this machine.

Facts from the catalog, the disk and this machine, combined in one value per model.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from desktop.settings.schema import AUTO, LOCAL, Settings
from models.catalog import HUB, Kind, Model, choose
from models.recommend import Machine, recommended
from models.store import Store

WHISPER = "whisper"


@dataclass(frozen=True, slots=True)
class ModelCard:
    """The facts shown of one model.

    `bytes` is its size on disk, `memory_mb` about its memory in use; `languages` is `multilingual` or one language
    code; `accuracy` is a rank from 1 to 5, 0 if unknown; `host` is where it is downloaded from, `has_package_mirror`
    whether the package index serves it when that host does not answer.

    `speed` is how many times faster than speech it decodes here, as measured, None if not measured. `in_use`: the
    settings select it. `removal_blocker` is the reason why it cannot be deleted, empty if it can. `recommended`: for
    this machine.
    """

    name: str
    kind: Kind
    bytes: int
    memory_mb: int
    languages: str
    accuracy: int
    licence: str
    host: str
    spare: bool = False
    speed: float | None = None
    installed: bool = False
    chosen: bool = False
    in_way: str = ""
    recommended: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of the models, and the bytes free on its disk."""

    folder: Path
    free_bytes: int


def machine(folder: Path) -> Machine:
    """Return what this machine offers for models in `folder`. Reads the disk."""
    from desktop.stt.local.cuda import has_cuda

    return Machine(memory_mb(), os.cpu_count() or 1, has_cuda(), place(folder).free_bytes)


def memory_mb() -> int:
    """Return the machine's memory in MB, 0 where the system does not report it."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 1_000_000
    except (AttributeError, ValueError, OSError):
        return 0


def place(folder: Path) -> Place:
    """Return the models' folder with its free space; the folder need not exist yet."""
    there = next((parent for parent in (folder, *folder.parents) if parent.exists()), Path.home())
    return Place(folder, shutil.disk_usage(there).free)


def cards(
    store: Store, settings: Settings, loaded: str, machine: Machine, speeds: Mapping[str, float]
) -> list[ModelCard]:
    """Return a card for every model of the store. `loaded` is the loaded speech model, empty if none."""
    installed = list(store.installed())
    advised = {advice(store, settings, machine, speeds, kind, installed) for kind in ("speech", "language")}
    used = in_use(settings, loaded, [store.models[name] for name in installed], machine.cuda)
    return [_card(store, model, speeds, used, advised) for model in store.models.values()]


def _card(
    store: Store,
    model: Model,
    speeds: Mapping[str, float],
    used: Mapping[str, str],
    advised: Collection[str | None],
) -> ModelCard:
    found = store.source(model.name)
    return ModelCard(
        name=model.name,
        kind=model.kind,
        bytes=sum(file.size for file in (found or model.hub).files),
        memory_mb=model.memory_mb,
        languages=model.languages,
        accuracy=model.accuracy,
        licence=model.licence,
        host=urlsplit(HUB).netloc,
        spare=model.package is not None,
        speed=speeds.get(model.name),
        installed=found is not None,
        chosen=model.name in used,
        in_way=used.get(model.name, ""),
        recommended=model.name in advised,
    )


def advice(
    store: Store,
    settings: Settings,
    machine: Machine,
    speeds: Mapping[str, float],
    kind: Kind = "speech",
    installed: Collection[str] = (),
) -> str | None:
    """Return the name of the model of this kind to recommend here."""
    languages = [code for code in settings.recognizer.language if code != AUTO]
    return recommended(store.models, machine, languages, speeds, installed, kind)


def in_use(settings: Settings, loaded: str, installed: Sequence[Model], cuda: bool) -> dict[str, str]:
    """Map the models in use to the reason why each cannot be deleted.

    The reason is empty where deleting it would cost nothing: a service transcribes, or no feature uses the language
    model.
    """
    used: dict[str, str] = {}
    speech = [model.name for model in installed if model.kind == "speech"]
    language = [model.name for model in installed if model.kind == "language"]
    wanted = settings.recognizer.model
    if wanted == AUTO:
        wanted = loaded or choose(speech, (), cuda=cuda).use or ""
    if wanted:
        needed = settings.recognizer.engine == WHISPER
        used[wanted] = f"Whisper {wanted} is in use. Choose another model first." if needed else ""
    if settings.polish.url == LOCAL:
        wanted = settings.polish.model if settings.polish.model != AUTO else next(iter(language), "")
        needed = settings.polish.mode == "llm" or settings.emotion.engine == "llm" or bool(settings.hotkey.edit)
        if wanted:
            used[wanted] = f"{wanted} is in use. Choose another model first." if needed else ""
    return used
