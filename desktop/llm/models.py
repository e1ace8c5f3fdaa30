"""Choose the language model, its request options and its price: pure, from `models.toml` and the service's own list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from desktop.core.files import read_package_toml
from desktop.network.provider_models import ModelListing

if TYPE_CHECKING:
    from openai.types.shared import ReasoningEffort


@dataclass(frozen=True, slots=True)
class LLMModel:
    """One of OpenAI's models; see `models.toml`. Prices are US dollars for a million tokens, None where unknown."""

    name: str
    effort: ReasoningEffort = None
    temperature: bool = False
    input: float | None = None
    output: float | None = None
    shutdown: date | None = None

    def cost_usd(self, input_tokens: int, output_tokens: int) -> float | None:
        """Return the price of a request of `input_tokens` and an answer of `output_tokens`."""
        if self.input is None or self.output is None:
            return None
        return round((input_tokens * self.input + output_tokens * self.output) / 1e6, 8)


@cache
def _load_table() -> dict[str, Any]:
    return read_package_toml("desktop.llm", "models.toml")


def find_model(name: str) -> LLMModel:
    """Return the model called `name`, or the one that it is a dated version of; for others only the name is known."""
    models = _load_table()["model"]
    base = max((entry for entry in models if name == entry or _is_dated_version(name, entry)), key=len, default=None)
    return LLMModel(name, **models[base]) if base else LLMModel(name)


def _is_dated_version(name: str, entry: str) -> bool:
    return name.startswith(f"{entry}-") and name.removeprefix(f"{entry}-")[:4].isdigit()


def recommend_model(available: ModelListing, today: date) -> str:
    """Return the first preferred model that has not ended `today` and that the account may use.

    The first that has not ended where `available`, the service's list, has none of them.
    """
    preferred: list[str] = _load_table()["preferred"]
    candidates = [
        name for name in preferred if (available.shutdowns.get(name) or find_model(name).shutdown or date.max) > today
    ]
    return next((name for name in candidates if name in available.names), next(iter(candidates), preferred[0]))
