"""Measure all services and judge them, for the command line and the doctor's window.

The window runs this in its own process, unlike the other checks: API keys from the environment are not inherited by
child processes, and without them the answers would differ from those of a dictation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import anyio

from desktop.core.errors import Problem
from desktop.core.paths import paths
from desktop.doctor.network import report
from desktop.doctor.network.endpoints import endpoint
from desktop.doctor.network.measurement import Measured
from desktop.doctor.network.probe import measure
from desktop.doctor.network.verdict import Verdict, verdict
from desktop.llm.prompts import counted
from desktop.network import services
from desktop.settings.store import load


@dataclass(frozen=True, slots=True)
class Examined:
    """The measurements of the services, the token counts of the prompts sent, and the verdict."""

    measured: Sequence[Measured]
    tokens: Mapping[str, int]
    verdict: Verdict

    def json(self) -> dict[str, Any]:
        """Return the report as JSON; see `build_report`."""
        return report.report(self.measured, self.tokens, self.verdict)

    def text(self) -> str:
        """Return the report as text; see `format_report`."""
        return report.text(self.measured, self.tokens, self.verdict)


def examine(name: str = "", uploads: bool = False) -> Examined:
    """Measure the configured services, or the one called `name`; `uploads` sends noise, charged like speech.

    Blocks for some seconds; do not call from a running event loop. Raises `UserError` where no service is configured.
    """
    settings = load(paths().settings).settings
    names = (name,) if name else services.used(settings)
    if not names:
        raise Problem(
            "The settings use no service, so nothing leaves this machine.", "Name one: intone doctor --network openai"
        )
    endpoints = [endpoint(one, settings, uploads) for one in names]

    async def each() -> list[Measured]:
        return [await measure(one, settings.network.http) for one in endpoints]

    found = anyio.run(each)
    tokens = dict(counted()) if "polish" in names else {}
    return Examined(found, tokens, verdict(found, tokens))
