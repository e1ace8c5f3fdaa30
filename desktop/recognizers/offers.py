"""What a service's model accepts and costs, and which model is the one to ask: pure, from `offers.toml` and from what a
service lists.

One shape of request for all models would be refused by some: each differs in what it calls languages and the user's own
words. No model is asked whose end has come.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator

from desktop.problems import RecognizerProblem

TRANSCRIBES = re.compile(
    r"whisper|transcri|voxtral|parakeet|canary|asr|speech-to-text|sensevoice|moonshine", re.IGNORECASE
)
"""What models that transcribe are called; servers list their others too."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One model; `offers.toml` says what the fields mean."""

    language: Literal["singular", "plural", "none"] = "none"
    keywords: bool = False
    prompt: bool = False
    stream: bool = False
    formats: tuple[str, ...] = ()
    usd_per_min: float | None = None
    ends: date | None = None


def offer(engine: str, model: str) -> Offer:
    """What `model` of `engine` accepts: a version of a known one ("nova-3-medical") what that does, any other what is
    usual there, at an unknown price."""
    told = _table()[engine]
    known: dict[str, Any] = told.get("models", {})
    name = max((name for name in known if model == name or model.startswith(f"{name}-")), key=len, default="")
    fields = {**told["default"], **known.get(name, {})}
    return Offer(**{**fields, "formats": tuple(fields["formats"])})


def recommended(engine: str, shutdowns: Mapping[str, date], today: date) -> str:
    """The first of the models preferred for `engine` that is still there `today`.

    `shutdowns` are the ends that the service tells, which go before those of the table; a model is gone on that day.
    Raises `RecognizerProblem` where none is left.
    """
    for model in _table()[engine]["preferred"]:
        ends = shutdowns.get(model) or offer(engine, model).ends
        if ends is None or today < ends:
            return str(model)
    raise RecognizerProblem(
        "Every speech model known here has been shut down by its maker.",
        f"Name another: intone settings set engines.{engine.replace('-', '_')}.model NAME",
    )


def cost_usd(offer: Offer, seconds: float) -> float | None:
    """What so much audio costs; None where no price is known."""
    return None if offer.usd_per_min is None else round(offer.usd_per_min * seconds / 60, 8)


def _day(told: object) -> date | None:
    """A day, whether it is told as a date or in seconds since 1970; None where it is neither."""
    try:
        match told:
            case str():
                return date.fromisoformat(told[:10])
            case bool():
                return None
            case int() | float():
                return datetime.fromtimestamp(told, UTC).date()
            case _:
                return None
    except (ValueError, OverflowError, OSError):
        return None


class Listed(BaseModel):
    """A model as a service lists it."""

    id: str
    shutdown_date: Annotated[date | None, BeforeValidator(_day)] = None


class Listing(BaseModel):
    """An answer of `/models`, as far as it is needed."""

    data: tuple[Listed, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The models, in the service's own order."""
        return tuple(model.id for model in self.data)

    @property
    def shutdowns(self) -> dict[str, date]:
        """The day on which each ends, of those that end."""
        return {model.id: model.shutdown_date for model in self.data if model.shutdown_date}


def listing(content: bytes) -> Listing:
    """What an answer of `/models` lists: nothing where it is no such answer, which is no reason to do without."""
    try:
        return Listing.model_validate_json(content)
    except ValueError:
        return Listing()


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("desktop.recognizers").joinpath("offers.toml").read_text(encoding="utf-8"))
