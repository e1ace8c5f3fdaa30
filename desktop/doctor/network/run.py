"""Measure all services and judge them, for the command line and the doctor's window.

The window runs this in its own process, unlike the other checks: API keys from the environment are not inherited by
child processes, and without them the answers would differ from those of a dictation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import anyio

from desktop.core.errors import UserError
from desktop.core.paths import find_paths
from desktop.doctor.network import report
from desktop.doctor.network.endpoints import create_endpoint
from desktop.doctor.network.measurement import ServiceMeasurement
from desktop.doctor.network.probe import measure_service
from desktop.doctor.network.verdict import NetworkVerdict, judge_all
from desktop.llm.prompts import count_prompt_tokens
from desktop.network import services
from desktop.settings.store import load_settings


@dataclass(frozen=True, slots=True)
class NetworkReport:
    """The measurements of the services, the token counts of the prompts sent, and the verdict."""

    measured: Sequence[ServiceMeasurement]
    tokens: Mapping[str, int]
    verdict: NetworkVerdict

    def json(self) -> dict[str, Any]:
        """Return the report as JSON; see `build_report`."""
        return report.build_report(self.measured, self.tokens, self.verdict)

    def text(self) -> str:
        """Return the report as text; see `format_report`."""
        return report.format_report(self.measured, self.tokens, self.verdict)


def measure_services(name: str = "", uploads: bool = False) -> NetworkReport:
    """Measure the configured services, or the one called `name`; `uploads` sends noise, charged like speech.

    Blocks for some seconds; do not call from a running event loop. Raises `UserError` where no service is configured.
    """
    settings = load_settings(find_paths().settings).settings
    names = (name,) if name else services.list_used_services(settings)
    if not names:
        raise UserError(
            "The settings use no service, so nothing leaves this machine.", "Name one: intone doctor --network openai"
        )
    endpoints = [create_endpoint(one, settings, uploads) for one in names]

    async def measure_each() -> list[ServiceMeasurement]:
        return [await measure_service(one, settings.network.http) for one in endpoints]

    measurements = anyio.run(measure_each)
    tokens = dict(count_prompt_tokens()) if "polish" in names else {}
    return NetworkReport(measurements, tokens, judge_all(measurements, tokens))
