"""Which model to advise for a machine that is seen for the first time, before anything was measured on it.

`catalogue.choose` is about what to use and fetch unasked, so it is modest; this is about what to offer a person who can
say no. Decided by what may make a model useless: memory that it does not find, a disk that it does not fit on, a
processor that does not keep up with speech. All pure.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from models.catalogue import Kind, Model

SPARE_MB = 1_500
"""What the desktop and its programs want for themselves beside a model."""

FAST = 4.0
"""A model that decodes so many times faster than speech keeps up while two windows are decoded at once."""

SMALL_COSTS = 3.5
"""How many times longer small takes than base."""

MANY_CORES = 8
"""Cores from which small keeps up, where nothing was measured."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What a machine has: memory in MB (0: not known), cores, a card that computes, and room for models in bytes."""

    memory_mb: int
    cores: int
    cuda: bool
    free_bytes: int


def recommended(
    models: Mapping[str, Model],
    machine: Machine,
    languages: Collection[str] = (),
    speeds: Mapping[str, float] | None = None,
    installed: Collection[str] = (),
    kind: Kind = "speech",
) -> str | None:
    """The name of the model of this kind to advise, or None where none fits.

    `languages` are codes of what the person speaks, none for any. `speeds`: by name how many times faster than speech a
    model was measured to be here. What is `installed` needs no more room.
    """
    order = _speech(machine, languages, speeds or {}) if kind == "speech" else _language(machine)
    return next((name for name in order if name in models and _fits(models[name], machine, installed)), None)


def _fits(model: Model, machine: Machine, installed: Collection[str]) -> bool:
    room = model.name in installed or model.hub.download_size <= machine.free_bytes
    memory = not machine.memory_mb or model.memory_mb + SPARE_MB <= machine.memory_mb
    return room and memory


def _speech(machine: Machine, languages: Collection[str], speeds: Mapping[str, float]) -> list[str]:
    """Best first. A model that knows only English comes after the one of its size that knows more, which also tells how
    a voice sounds, but for the smallest, which needs all the help that it can get."""
    english = set(languages) == {"en"}
    order = ["base", "tiny.en", "tiny"] if english else ["base", "tiny"]
    if machine.cuda:
        return ["large-v3-turbo", "small", *order]
    if _small_keeps_up(machine, speeds):
        return ["small", *order]
    return order if machine.cores > 1 else order[1:] + order[:1]


def _small_keeps_up(machine: Machine, speeds: Mapping[str, float]) -> bool:
    if "small" in speeds:
        return speeds["small"] >= FAST
    if "base" in speeds:
        return speeds["base"] >= FAST * SMALL_COSTS
    return machine.cores >= MANY_CORES


def _language(machine: Machine) -> list[str]:
    """Best first: a second and a half is all that a polish may take, so a small one where there are few cores."""
    return ["qwen2.5-1.5b", "qwen3-0.6b"] if machine.cores >= MANY_CORES or machine.cuda else ["qwen3-0.6b"]
