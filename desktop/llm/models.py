"""Choose the language model, its request options and its price: pure, from `models.toml` and the service's own list."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from desktop.network.provider_models import Listing


@dataclass(frozen=True, slots=True)
class Model:
    """One of OpenAI's models; see `models.toml`. Prices are US dollars for a million tokens, None where unknown."""

    name: str
    effort: str | None = None
    temperature: bool = False
    input: float | None = None
    output: float | None = None
    shutdown: date | None = None

    def cost_usd(self, taken: int, given: int) -> float | None:
        """Return the price of a request of `input_tokens` and an answer of `output_tokens`."""
        if self.input is None or self.output is None:
            return None
        return round((taken * self.input + given * self.output) / 1e6, 8)


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("desktop.llm").joinpath("models.toml").read_text(encoding="utf-8"))


def known(name: str) -> Model:
    """Return the model called `name`, or the one that it is a dated version of; for others only the name is known."""
    models = _table()["model"]
    found = max((entry for entry in models if name == entry or _dated(name, entry)), key=len, default=None)
    return Model(name, **models[found]) if found else Model(name)


def _dated(name: str, entry: str) -> bool:
    return name.startswith(f"{entry}-") and name.removeprefix(f"{entry}-")[:4].isdigit()


def recommended(listed: Listing, today: date) -> str:
    """Return the first preferred model that has not ended `today` and that the account may use.

    The first that has not ended where `available`, the service's list, has none of them.
    """
    preferred: list[str] = _table()["preferred"]
    alive = [name for name in preferred if (listed.shutdowns.get(name) or known(name).shutdown or date.max) > today]
    return next((name for name in alive if name in listed.names), next(iter(alive), preferred[0]))
