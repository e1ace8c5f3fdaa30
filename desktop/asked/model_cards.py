"""What there is to say of each model before one chooses: what it takes, what it can, how fast it is on this machine.

Facts of the catalogue, of the disk and of this machine, put together in one value for whoever shows them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from desktop.settings.tree import AUTO, LOCAL, Settings
from models.advice import Machine, recommended
from models.catalogue import HUB, Kind, Model, choose
from models.store import Store

WHISPER = "whisper"


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A model. `bytes` are those it takes on the disk, `memory_mb` about what it takes while it runs; `languages` is
    `multilingual` or one code; `accuracy` a rank from 1 to 5, 0 where it is not known; `host` where it is fetched from,
    or, where that does not answer, from packages of the package index (`spare`).

    `speed`: how many times faster than speech it was measured to be here, None where it was not. `chosen`: it is the
    one in use; `in_way` says why it cannot be deleted, empty where it can. `recommended`: for this machine.
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
    """Where models lie, and the bytes that are free there."""

    folder: Path
    free_bytes: int


def machine(folder: Path) -> Machine:
    """What this machine has, for models in `folder`. Reads the disk."""
    from desktop.recognizers.cuda import has_cuda

    return Machine(memory_mb(), os.cpu_count() or 1, has_cuda(), place(folder).free_bytes)


def memory_mb() -> int:
    """The machine's memory, 0 where the system does not tell."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 1_000_000
    except (AttributeError, ValueError, OSError):
        return 0


def place(folder: Path) -> Place:
    """Where models lie and what is free there; the folder may not be there yet."""
    there = next((parent for parent in (folder, *folder.parents) if parent.exists()), Path.home())
    return Place(folder, shutil.disk_usage(there).free)


def cards(
    store: Store, settings: Settings, loaded: str, machine: Machine, speeds: Mapping[str, float]
) -> list[ModelCard]:
    """All models of the store. `loaded` is the model of speech that answers now, empty where none does."""
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
    """The name of the model of this kind to advise here."""
    languages = [code for code in settings.recognizer.language if code != AUTO]
    return recommended(store.models, machine, languages, speeds, installed, kind)


def in_use(settings: Settings, loaded: str, installed: Sequence[Model], cuda: bool) -> dict[str, str]:
    """The names of the models in use, each with why it cannot be deleted; that is empty where nothing would be lost:
    where a service transcribes, or no language model is asked."""
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
