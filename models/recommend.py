"""Recommend a model for a machine before anything was measured on it. All pure.

`choose_model` decides what to use and download without asking, so it is modest; this decides what to offer to a user
who can decline. What counts is what can make a model useless: too little memory, a disk that it does not fit on, a
processor that cannot keep up with speech.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from models.catalog import CatalogModel, ModelKind

SPARE_MB = 1_500
"""Memory in MB that the desktop and its programs need beside a model."""

MIN_SPEED = 4.0
"""Decoding speed, as a multiple of speech, that keeps up while two segments are decoded at once."""

SMALL_SLOWDOWN = 3.5
"""Factor by which the model small is slower than base."""

MANY_CORES = 8
"""Cores from which the model small keeps up, if nothing was measured."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine: memory in MB (0: unknown), cores, whether it has a usable GPU, and free bytes for models."""

    memory_mb: int
    cores: int
    cuda: bool
    free_bytes: int


def recommend_model(
    models: Mapping[str, CatalogModel],
    machine: Machine,
    languages: Collection[str] = (),
    speeds: Mapping[str, float] | None = None,
    installed: Collection[str] = (),
    kind: ModelKind = "speech",
) -> str | None:
    """Return the name of the model of this kind to recommend, or None if none fits.

    `languages` are the codes of the languages that the user speaks, empty for any. `speeds` maps models to their speed
    measured here, as a multiple of speech. What is `installed` needs no more room.
    """
    order = (
        _rank_speech_models(machine, languages, speeds or {}) if kind == "speech" else _rank_language_models(machine)
    )
    return next((name for name in order if name in models and _fits_machine(models[name], machine, installed)), None)


def _fits_machine(model: CatalogModel, machine: Machine, installed: Collection[str]) -> bool:
    has_room = model.name in installed or model.hub.download_size <= machine.free_bytes
    has_memory = not machine.memory_mb or model.memory_mb + SPARE_MB <= machine.memory_mb
    return has_room and has_memory


def _rank_speech_models(machine: Machine, languages: Collection[str], speeds: Mapping[str, float]) -> list[str]:
    """Return speech models, best first.

    An English-only model comes after the multilingual one of its size, which also shows how a voice sounds; except for
    the smallest, which needs all the help that it can get.
    """
    english = set(languages) == {"en"}
    order = ["base", "tiny.en", "tiny"] if english else ["base", "tiny"]
    if machine.cuda:
        return ["large-v3-turbo", "small", *order]
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
