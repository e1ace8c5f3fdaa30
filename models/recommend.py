"""Recommend a model for a machine before anything was measured on it. All pure.

`models.choice` decides what to use and download without asking, so it is modest; this decides what to offer to a user
who can decline. What counts is what can make a model useless: too little memory, a disk that it does not fit on, a
processor that cannot keep up with speech. Models that this project has not run are never recommended, only offered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from models.catalog import CatalogModel, ModelKind, base_language
from models.choice import ENGLISH_MODEL, is_english_only

SPARE_MB = 1_500
"""Memory in MB that the desktop and its programs need beside a model."""

MIN_SPEED = 4.0
"""Decoding speed, as a multiple of speech, that keeps up while two segments are decoded at once."""

SMALL_SLOWDOWN = 3.5
"""Factor by which the model small is slower than base."""

MANY_CORES = 8
"""Cores from which the model small keeps up, if nothing was measured."""

OFFER_CORES = 4
OFFER_FREE_MB = 3_000
"""Cores, and memory in MB that is free now, from which a model of 0.6 billion weights is offered."""

_EUROPEAN_MODEL = "parakeet-v3"
_LARGE_ENGLISH_MODEL = "parakeet-unified"
_ASIAN_MODEL = "qwen3-asr-0.6b"
_GPU_MODEL = "whisper-turbo-vulkan"
_ASIAN_LANGUAGES = frozenset(("zh", "ja", "ko", "yue"))

type OfferReason = Literal["offer-english", "offer-large-english", "offer-european", "offer-asian", "offer-gpu"]
"""Why a model is offered: the code of a text."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine: memory in MB (0: unknown), cores, whether CUDA or Vulkan has a GPU, and free bytes for models.

    `free_memory_mb` is the memory that nothing uses now, 0 if unknown.
    """

    memory_mb: int
    cores: int
    cuda: bool
    free_bytes: int
    free_memory_mb: int = 0
    vulkan: bool = False


@dataclass(frozen=True, slots=True)
class ModelOffer:
    """A model that may be better for the user's languages here, and why."""

    name: str
    reason: OfferReason


def recommend_model(
    models: Mapping[str, CatalogModel],
    machine: Machine,
    languages: Collection[str] = (),
    speeds: Mapping[str, float] | None = None,
    installed: Collection[str] = (),
    kind: ModelKind = "speech",
    used: str = "",
) -> str | None:
    """Return the name of the model of this kind to recommend, or None if none fits.

    `languages` are the codes of the languages that the user speaks, empty for any. `speeds` maps models to their speed
    measured here, as a multiple of speech. What is `installed` needs no more room. In place of the speech model `used`,
    if it was measured to keep up, only one that ranks above it is recommended: else itself, or None if it is not
    proved.
    """
    order = (
        _rank_speech_models(machine, languages, speeds or {}) if kind == "speech" else _rank_language_models(machine)
    )
    best = next((name for name in order if name in models and _fits_machine(models[name], machine, installed)), None)
    if kind != "speech" or used not in models or (speeds or {}).get(used, 0.0) < MIN_SPEED:
        return best
    if not models[used].covers(languages) or (best is not None and models[best].accuracy > models[used].accuracy):
        return best
    return used if models[used].is_proved else None


def offer_models(
    models: Mapping[str, CatalogModel],
    machine: Machine,
    languages: Collection[str],
    used: str,
    installed: Collection[str] = (),
) -> tuple[ModelOffer, ...]:
    """Return the models to offer to a user of `used`, the surest first; none if nothing better is known.

    Only what ranks above it in accuracy is offered. `languages` are codes, empty for any; `used` may be no model of
    the catalogue, or empty.
    """
    accuracy = models[used].accuracy if used in models else 0
    offers = [ModelOffer(name, reason) for name, reason in _rank_offers(machine, {*map(base_language, languages)})]
    return tuple(
        offer
        for offer in offers
        if offer.name in models
        and models[offer.name].accuracy > accuracy
        and _fits_machine(models[offer.name], machine, installed)
        and models[offer.name].covers(languages)
    )


def _rank_offers(machine: Machine, languages: Collection[str]) -> Iterator[tuple[str, OfferReason]]:
    """Yield the offers for these languages, without a look at what they need or know.

    An engine that cannot be told its language is offered only for a single one.
    """
    if machine.cuda:
        return
    is_large_offered = _runs_large_models(machine)
    if languages == {"en"}:
        yield ENGLISH_MODEL, "offer-english"
        if is_large_offered:
            yield _LARGE_ENGLISH_MODEL, "offer-large-english"
    elif is_large_offered and _ASIAN_LANGUAGES.intersection(languages):
        yield _ASIAN_MODEL, "offer-asian"
    elif is_large_offered and len(languages) == 1:
        yield _EUROPEAN_MODEL, "offer-european"
    if machine.vulkan and languages != {"en"}:
        yield _GPU_MODEL, "offer-gpu"


def _runs_large_models(machine: Machine) -> bool:
    """Whether the processor runs a model of 0.6 billion weights: all but those named for Vulkan run on it."""
    free_mb = machine.free_memory_mb or machine.memory_mb - SPARE_MB
    return free_mb >= OFFER_FREE_MB and machine.cores >= OFFER_CORES


def _fits_machine(model: CatalogModel, machine: Machine, installed: Collection[str]) -> bool:
    has_room = model.name in installed or model.sources[0].needed_bytes <= machine.free_bytes
    has_memory = not machine.memory_mb or model.memory_mb + SPARE_MB <= machine.memory_mb
    return has_room and has_memory


def _rank_speech_models(machine: Machine, languages: Collection[str], speeds: Mapping[str, float]) -> list[str]:
    """Return speech models, best first.

    For English alone Moonshine comes first on a CPU, on one core only if it was measured. Whisper's English-only models
    come after the multilingual ones of their size, which also show how a voice sounds; except for the smallest, which
    needs all the help that it can get.
    """
    english = is_english_only(languages)
    order = ["base", "tiny.en", "tiny"] if english else ["base", "tiny"]
    if machine.cuda:
        return ["large-v3-turbo", "small", *order]
    if english and speeds.get(ENGLISH_MODEL, MIN_SPEED if machine.cores > 1 else 0.0) >= MIN_SPEED:
        return [ENGLISH_MODEL, *order]
    if _small_keeps_up(machine, speeds):
        return ["small", *order]
    return order if machine.cores > 1 else order[1:] + order[:1]


def _small_keeps_up(machine: Machine, speeds: Mapping[str, float]) -> bool:
    if "small" in speeds:
        return speeds["small"] >= MIN_SPEED
    if "base" in speeds:
        return speeds["base"] >= MIN_SPEED * SMALL_SLOWDOWN
    return machine.cores >= MANY_CORES


def _rank_language_models(machine: Machine) -> list[str]:
    """Return language models, best first: polish may take only 1.5 s, so a small one if there are few cores."""
    return ["qwen2.5-1.5b", "qwen3-0.6b"] if machine.cores >= MANY_CORES or machine.cuda else ["qwen3-0.6b"]
