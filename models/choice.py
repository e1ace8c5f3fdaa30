"""Choose the model that `auto` means, and say why. All pure.

Only proved models are chosen. A model of another family than Whisper's is chosen for English alone, and only once it is
installed: what a user has stays until the user accepts an offer (`models.recommend.offer_models`), which names the
model in the settings. Whisper finds out which of several languages is spoken.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from models.catalog import CatalogModel, base_language

type ChoiceReason = Literal[
    "auto-cuda",
    "auto-english",
    "auto-kept",
    "auto-any-language",
    "auto-one-language",
    "auto-several-languages",
    "auto-meanwhile",
    "auto-unknown-language",
]
"""Why `auto` uses a model: the code of a text."""

ENGLISH_MODEL = "moonshine-base"
"""What users of English alone are offered on a CPU: fewer mistakes in short dictations than Whisper's base for less
memory. It is not fetched by itself, since `make prove-engines` has not shown as much of long ones."""


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """What `auto` means now: the installed model to use, and the better one to download meanwhile; each may be None."""

    installed: str | None
    download: str | None


_CUDA_ORDER = (
    "large-v3-turbo",
    "large-v3",
    "medium",
    "small",
    "base",
    "tiny",
    "small.en",
    "base.en",
    "tiny.en",
    ENGLISH_MODEL,
)
_CPU_ORDER = (
    "base",
    "small",
    "tiny",
    "base.en",
    "small.en",
    "tiny.en",
    "large-v3-turbo",
    "medium",
    "large-v3",
    ENGLISH_MODEL,
)
"""The models to use, best first: on a CPU slow ones come last, and English-only ones after multilingual ones."""

CHOOSABLE = frozenset(_CPU_ORDER)
"""The models that `auto` may mean."""

GUIDES = ("base", "tiny", "small")
"""The models that may detect the language for others, and decode what these cannot, best first."""

CUDA_GUIDES = (*GUIDES, "large-v3-turbo", "medium", "large-v3")
"""The same on an NVIDIA card: a processor takes seconds for a window with the larger ones, beside the other model."""

_FALLBACKS = ("base", "tiny", "tiny.en")
"""Models worth downloading if the best is not available."""


def is_english_only(languages: Collection[str]) -> bool:
    """Whether the codes of the chosen languages, none for any, are those of English alone."""
    return {base_language(code) for code in languages} == {"en"}


def choose_model(
    installed: Collection[str],
    fetchable: Collection[str],
    *,
    cuda: bool,
    small_is_fast: bool = False,
    languages: Collection[str] = (),
) -> ModelChoice:
    """Choose for this hardware among the names of the installed and the downloadable models.

    CUDA runs large-v3-turbo. A CPU runs base, or small if `small_is_fast`: if it was measured to keep up with speech;
    for English alone Moonshine, if it is installed. An installed model is used at once, so that no start
    waits for a download; one to `download` is named only if it is better. `languages` are codes, none for any.
    """
    order = list(_CUDA_ORDER if cuda else _CPU_ORDER)
    if small_is_fast and not cuda:
        order.insert(0, "small")
    candidates = (order[0], *_FALLBACKS)
    if not cuda and is_english_only(languages):
        order.insert(0, ENGLISH_MODEL)
    current = next((name for name in order if name in installed), None)
    better = order if current is None else order[: order.index(current)]
    download = next((name for name in better if name in candidates and name in fetchable), None)
    return ModelChoice(current, download)


def explain_choice(
    models: Mapping[str, CatalogModel], name: str, *, cuda: bool, languages: Collection[str] = ()
) -> ChoiceReason:
    """Return why `auto` uses the model `name` for these languages on this hardware.

    A model in GGUF does not run by CUDA: it answers until one that does is here.
    """
    model = models[name]
    if model.languages and (not model.covers(languages) or (cuda and model.format == "gguf")):
        return "auto-meanwhile"
    if not model.covers(languages):
        return "auto-unknown-language"
    if cuda:
        return "auto-cuda"
    if is_english_only(languages):
        return "auto-english" if name == ENGLISH_MODEL else "auto-kept"
    if not languages:
        return "auto-any-language"
    return "auto-one-language" if len(languages) == 1 else "auto-several-languages"
