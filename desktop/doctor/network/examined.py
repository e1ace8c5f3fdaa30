"""All that is measured at once, and what is made of it: for the command, and for the doctor's window.

The window has it done in its own process, unlike the checks of the rest: a key that stood in the environment is handed
to no child, and without it another answer would be measured than the one that a dictation gets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import anyio

from desktop import services
from desktop.doctor.network import report
from desktop.doctor.network.endpoints import endpoint
from desktop.doctor.network.measured import Measured
from desktop.doctor.network.probe import measure
from desktop.doctor.network.verdict import Verdict, verdict
from desktop.paths import paths
from desktop.problems import Problem
from desktop.prompts import counted
from desktop.settings import load


@dataclass(frozen=True, slots=True)
class Examined:
    """What was measured of each service, the tokens of the prompts that one of them is sent, and the verdict."""

    measured: Sequence[Measured]
    tokens: Mapping[str, int]
    verdict: Verdict

    def json(self) -> dict[str, Any]:
        """For a program; see `report.report`."""
        return report.report(self.measured, self.tokens, self.verdict)

    def text(self) -> str:
        """For a person; see `report.text`."""
        return report.text(self.measured, self.tokens, self.verdict)


def examine(name: str = "", uploads: bool = False) -> Examined:
    """The services of the settings, or the one called `name`; with `uploads` noise is sent, which costs what speech
    does. Blocks for some seconds; not to be called from a running loop. Raises `Problem` where there is none."""
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
