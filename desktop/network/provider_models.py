"""Look up what a service's models accept and cost, and recommend one: pure, from `provider_models.toml` and a service's
list.

One request format for all models would be refused by some: they differ in how they take languages and the user's own
words. A model past its shutdown date is never used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator

from desktop.core.errors import RecognizerError
from desktop.core.files import read_package_toml

TRANSCRIPTION_NAMES = re.compile(
    r"whisper|transcri|voxtral|parakeet|canary|asr|speech-to-text|sensevoice|moonshine", re.IGNORECASE
)
"""Names of transcription models; servers list other models too."""


@dataclass(frozen=True, slots=True)
class ProviderModel:
    """One model; `provider_models.toml` explains the fields."""

    language: Literal["singular", "plural", "none"] = "none"
    keywords: bool = False
    prompt: bool = False
    stream: bool = False
    formats: tuple[str, ...] = ()
    usd_per_min: float | None = None
    ends: date | None = None


def find_provider_model(engine: str, model: str) -> ProviderModel:
    """Return what `model` of `engine` accepts.

    A variant ("nova-3-medical") is treated as its known base model; any other name gets the engine's defaults, at an
    unknown price.
    """
    engine_table = _load_table()[engine]
    known: dict[str, Any] = engine_table.get("models", {})
    name = max((name for name in known if model == name or model.startswith(f"{name}-")), key=len, default="")
    fields = {**engine_table["default"], **known.get(name, {})}
    return ProviderModel(**{**fields, "formats": tuple(fields["formats"])})


def recommend_model(engine: str, shutdowns: Mapping[str, date], today: date) -> str:
    """Return the first preferred model of `engine` that is still available `today`.

    `shutdowns` are dates reported by the service, which override those of the table; a model is gone on that day.
    Raises `RecognizerError` if none is left.
    """
    for model in _load_table()[engine]["preferred"]:
        ends = shutdowns.get(model) or find_provider_model(engine, model).ends
        if ends is None or today < ends:
            return str(model)
    raise RecognizerError("service-models-retired", engine=engine.replace("-", "_"))


def estimate_cost_usd(model: ProviderModel, seconds: float) -> float | None:
    """Return the cost of `seconds` of audio, None if the price is unknown."""
    return None if model.usd_per_min is None else round(model.usd_per_min * seconds / 60, 8)


def _parse_date(value: object) -> date | None:
    """Parse a date, in ISO format or in seconds since 1970; None for anything else."""
    try:
        match value:
            case str():
                return date.fromisoformat(value[:10])
            case bool():
                return None
            case int() | float():
                return datetime.fromtimestamp(value, UTC).date()
            case _:
                return None
    except (ValueError, OverflowError, OSError):
        return None


class ListedModel(BaseModel):
    """A model in a service's list."""

    id: str
    shutdown_date: Annotated[date | None, BeforeValidator(_parse_date)] = None


class ModelListing(BaseModel):
    """The parsed part of an answer of `/models`."""

    data: tuple[ListedModel, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The models' names in the service's order."""
        return tuple(model.id for model in self.data)

    @property
    def shutdowns(self) -> dict[str, date]:
        """The shutdown dates, where given."""
        return {model.id: model.shutdown_date for model in self.data if model.shutdown_date}


def parse_listing(content: bytes) -> ModelListing:
    """Parse an answer of `/models`; an invalid one gives an empty list, since it is not essential."""
    try:
        return ModelListing.model_validate_json(content)
    except ValueError:
        return ModelListing()


@cache
def _load_table() -> dict[str, Any]:
    return read_package_toml("desktop.network", "provider_models.toml")
