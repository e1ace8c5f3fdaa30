"""Collect what the windows show of each model: size, languages, accuracy, speed on this machine.

Facts from the catalog, the disk and this machine, combined in one value per model.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from desktop.core.engine_names import model_title
from desktop.core.messages import Message
from desktop.settings.schema import AUTO, LOCAL, Settings, model_languages
from models.catalog import HUB_URL, CatalogModel, ModelKind
from models.choice import choose_model
from models.recommend import Machine, offer_models, recommend_model
from models.store import ModelStore

WHISPER = "whisper"

MEMORY_FILE = Path("/proc/meminfo")
CARD_FOLDER = Path("/dev/dri")
"""Where graphics cards that can compute have a device."""

VULKAN_FOLDERS = (Path("/usr/share/vulkan/icd.d"), Path("/etc/vulkan/icd.d"))
"""Where Vulkan's drivers are listed, a file each."""

SOFTWARE_DRIVERS = ("lvp_", "virtio_", "gfxstream_")
"""How the files of drivers without a card of their own begin."""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """The facts shown of one model.

    `bytes` is its size on disk, `memory_mb` about its memory in use; `languages` are the codes of its languages, empty
    for many; `accuracy` is a rank from 1 to 5, 0 if unknown; `host` is where it is downloaded from,
    `has_package_mirror` whether the package index serves it when that host does not answer. `attribution` is what its
    licence asks to be said, `is_proved` whether it or a smaller one of its family was run by this project.

    `offer` says why it may be better for the user's languages than the one in use, None if nothing is known;
    `offer_rank` counts the offers from the surest, 0.

    `speed` is how many times faster than speech it decodes here, as measured, None if not measured. `in_use`: the
    settings select it. `removal_blocker` is the reason why it cannot be deleted, None if it can. `recommended`: for
    this machine.
    """

    name: str
    kind: ModelKind
    bytes: int
    memory_mb: int
    languages: tuple[str, ...]
    accuracy: int
    licence: str
    host: str
    has_package_mirror: bool = False
    speed: float | None = None
    installed: bool = False
    in_use: bool = False
    removal_blocker: Message | None = None
    recommended: bool = False
    family: str = WHISPER
    attribution: str = ""
    is_proved: bool = True
    offer: Message | None = None
    offer_rank: int = 0


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """The folder of the models, and the bytes free on its disk."""

    folder: Path
    free_bytes: int


def inspect_machine(folder: Path) -> Machine:
    """Return what this machine offers for models in `folder`. Reads the disk."""
    from desktop.stt.local.cuda import has_cuda

    return Machine(
        total_memory_mb(),
        os.cpu_count() or 1,
        has_cuda(),
        find_model_folder(folder).free_bytes,
        free_memory_mb=free_memory_mb(),
        vulkan=has_vulkan_driver(),
    )


def total_memory_mb() -> int:
    """Return the machine's memory in MB, 0 where the system does not report it."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 1_000_000
    except (AttributeError, ValueError, OSError):
        return 0


def free_memory_mb() -> int:
    """Return the memory in MB that programs can have now, 0 where the system does not report it."""
    with suppress(OSError, ValueError, IndexError):
        for line in MEMORY_FILE.read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024 // 1_000_000
    return 0


def has_vulkan_driver() -> bool:
    """Whether Vulkan has a driver of a graphics card here. Loads nothing; a processor that plays one does not count."""
    has_card = any(CARD_FOLDER.glob("renderD*"))
    drivers = (path.name for folder in VULKAN_FOLDERS for path in folder.glob("*.json"))
    return has_card and any(not name.startswith(SOFTWARE_DRIVERS) for name in drivers)


def find_model_folder(folder: Path) -> ModelFolder:
    """Return the models' folder with its free space; the folder need not exist yet."""
    existing = next((parent for parent in (folder, *folder.parents) if parent.exists()), Path.home())
    return ModelFolder(folder, shutil.disk_usage(existing).free)


def build_model_cards(
    store: ModelStore, settings: Settings, loaded: str, machine: Machine, speeds: Mapping[str, float]
) -> list[ModelCard]:
    """Return a card for every model of the store. `loaded` is the loaded speech model, empty if none."""
    installed = list(store.list_installed())
    used = find_models_in_use(settings, loaded, [store.models[name] for name in installed], machine.cuda)
    speech = next((name for name in used if name in store.models and store.models[name].kind == "speech"), "")
    languages = _languages(settings)
    kinds: tuple[ModelKind, ...] = ("speech", "language")
    recommended = {
        recommend_model(store.models, machine, languages, speeds, installed, kind, used=speech) for kind in kinds
    }
    cards = {model.name: _build_card(store, model, speeds, used, recommended) for model in store.models.values()}
    for rank, offer in enumerate(offer_models(store.models, machine, languages, speech, installed)):
        reason = Message(offer.reason, name=model_title(offer.name))
        cards[offer.name] = replace(cards[offer.name], offer=reason, offer_rank=rank)
    return list(cards.values())


def find_surest_offer(cards: Iterable[ModelCard]) -> ModelCard | None:
    """Return the card of the surest offer among these, None if none is offered."""
    offered = (card for card in cards if card.offer is not None)
    return min(offered, key=lambda card: card.offer_rank, default=None)


def _build_card(
    store: ModelStore,
    model: CatalogModel,
    speeds: Mapping[str, float],
    used: Mapping[str, Message | None],
    recommended: Collection[str | None],
) -> ModelCard:
    source = store.installed_source(model.name)
    return ModelCard(
        name=model.name,
        kind=model.kind,
        bytes=sum(file.size for file in (source or model.hub).files),
        memory_mb=model.memory_mb,
        languages=model.languages,
        accuracy=model.accuracy,
        licence=model.licence,
        host=urlsplit(HUB_URL).netloc,
        has_package_mirror=model.package is not None,
        speed=speeds.get(model.name),
        installed=source is not None,
        in_use=model.name in used,
        removal_blocker=used.get(model.name),
        recommended=model.name in recommended,
        family=model.family,
        attribution=model.attribution,
        is_proved=model.is_proved,
    )


def _languages(settings: Settings) -> tuple[str, ...]:
    """Return the codes of the chosen languages, none for any."""
    return model_languages(settings.recognizer.language)


def find_models_in_use(
    settings: Settings, loaded: str, installed: Sequence[CatalogModel], cuda: bool
) -> dict[str, Message | None]:
    """Map the models in use to the reason why each cannot be deleted.

    The reason is None where nothing would be lost by deleting it: a service transcribes, or no feature uses the
    language model.
    """
    used: dict[str, Message | None] = {}
    speech = [model.name for model in installed if model.kind == "speech"]
    language = [model.name for model in installed if model.kind == "language"]
    chosen = settings.recognizer.model
    if chosen == AUTO:
        chosen = loaded or choose_model(speech, (), cuda=cuda, languages=_languages(settings)).installed or ""
    if chosen:
        needed = settings.recognizer.engine == WHISPER
        used[chosen] = Message("speech-model-in-use", name=model_title(chosen)) if needed else None
    if settings.polish.url == LOCAL:
        chosen = settings.polish.model if settings.polish.model != AUTO else next(iter(language), "")
        needed = settings.polish.mode == "llm" or settings.emotion.engine == "llm" or bool(settings.hotkey.edit)
        if chosen:
            used[chosen] = Message("language-model-in-use", name=chosen) if needed else None
    return used
