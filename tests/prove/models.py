"""What this project has not run yet: each unproved model, where the hub can be reached, beside Whisper base.

It is fetched as the app fetches it, its pins compared with the hub's own, and heard in turns with base by the code of
`engines`: clips, joined dictations (long windows), silence around and within clips, sounds without speech; then memory.
At the end the lines for the model's card, with the languages that were measured; `proved = true` among them where it
makes no more mistakes than base, says nothing to silence, leaves no clip empty, keeps nine of ten words whatever
silence is around them, and is offered for no other language than those. `--part NAME` is one model alone, which may be
a proved one; what is installed already needs no hub.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any

import anyio

from desktop.bench.clock import SkippingClock
from desktop.core.errors import UserError
from models.catalog import HUB_URL, CatalogModel, ModelError
from models.download import download_model, list_downloadable
from models.store import ModelStore
from tests.prove.engines import (
    AROUND_WORDS,
    EngineLines,
    around,
    figures,
    hear,
    loaded,
    silences,
    sounds,
    without_speech,
)
from tests.prove.heard import at_pace
from tests.prove.record import MODELS, Line, Run, tell

BASE = "base"
PARTS = ("clips", "joined", "around")

MEASURED = ("en",)
"""The languages of the recordings."""


def prove(run: Run) -> dict[str, Any]:
    """Pull and measure each model that can be had; the others are named with the reason."""
    return prove_models(run, ModelStore(MODELS), HUB_URL)


def prove_models(run: Run, store: ModelStore, hub: str) -> dict[str, Any]:
    """The same with the models of `store`, from the hub at this address."""
    wanted = [run.part] if run.part else [name for name, model in store.models.items() if not model.is_proved]
    skipped: dict[str, str] = {}
    for name in wanted:
        if reason := anyio.run(pull, store, name, hub):
            skipped[name] = reason
            tell(f"models: SKIPPED {name}: {reason}")
    ready = [name for name in wanted if name not in skipped]
    found: dict[str, Any] = {"skipped_models": skipped, "models": []}
    if not ready:
        return {"skipped": "no unproved model could be had", **found}
    for name in ready:
        model = store.model(name)
        report = at_pace(lambda run, clock, model=model: _measure(run, clock, model), run)
        found["models"].append(report)
        tell(report["card"])
    return found


async def pull(store: ModelStore, name: str, hub: str) -> str:
    """Install the model; return why it cannot be had, empty where it is here."""
    if store.installed_source(name) is not None:
        return ""
    if name not in await list_downloadable(store.models, hub=hub):
        return "the model hub could not be reached"
    try:
        await download_model(name, store, hub=hub)
    except ModelError as error:
        return str(UserError.from_coded(error))
    return ""


async def _measure(run: Run, clock: SkippingClock, model: CatalogModel) -> Line:
    """Measure one model in turns with base."""
    given = sounds(run)
    async with loaded((model.name, BASE)) as engines:
        lines = await hear(run, clock, engines, {**{part: given[part] for part in PARTS}, "nothing": silences(run)})
        memory = await run.lines.once(f"{model.name}:memory", lambda: _memory(engines[model.name].pid))
    return report(model, lines, memory["memory_mb"], is_full=run.limit is None)


async def _memory(pid: int | None) -> Line:
    if sys.platform != "linux" or pid is None:
        return {"memory_mb": None}
    return {"memory_mb": megabytes(Path(f"/proc/{pid}/smaps").read_text(errors="replace"))}


def megabytes(smaps: str) -> int:
    """Megabytes that are a process's own, and its mapped weights, which two lanes share, once."""
    own_kb, weights_kb = 0, dict[str, int]()
    for entry in re.split(r"^(?=[0-9a-f]+-[0-9a-f]+ )", smaps, flags=re.M)[1:]:
        head, *rows = entry.splitlines()
        kilobytes = {row.partition(":")[0]: int(row.split()[1]) for row in rows if row.endswith(" kB")}
        if head.endswith(".gguf"):
            weights_kb[head.split()[4]] = max(weights_kb.get(head.split()[4], 0), kilobytes["Rss"])
        else:
            own_kb += kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]
    return round((own_kb + sum(weights_kb.values())) * 1024 / 1e6)


def report(model: CatalogModel, lines: EngineLines, memory_mb: int | None, *, is_full: bool) -> Line:
    """The figures of one model beside base's, and the lines for its card; only the full count can prove it."""
    found = {name: {part: figures(lines[part][name]) for part in PARTS[:2]} for name in (model.name, BASE)}
    mine, base = ({**rows, "around": around(lines["around"][name])} for name, rows in found.items())
    silence = without_speech(lines["nothing"][model.name])
    proved = is_full and is_proved(model, mine, base, silence["words"])
    clips, joined = mine["clips"], mine["joined"]
    card = "\n".join(
        [
            f'["{model.name}"]',
            f"memory_mb = {memory_mb or model.memory_mb}",
            f"proved = {str(proved).lower()}",
            f"# {describe_languages(model)}",
            f"# WER {clips['wer']} (base {base['clips']['wer']})",
            f"# joined WER {joined['wer']} (base {base['joined']['wer']})",
            f"# {clips['speed']} times speech (base {base['clips']['speed']})",
            f"# {silence['words']} words in {silence['clips']} sounds without speech",
        ]
    )
    return {
        "name": model.name,
        "languages_measured": list(MEASURED),
        "languages_offered": list(model.languages) or "any",
        "figures": {model.name: mine, BASE: base},
        "nothing": silence,
        "memory_mb": memory_mb,
        "card": card,
    }


def is_proved(model: CatalogModel, mine: Line, base: Line, spoken: int, measured: Collection[str] = MEASURED) -> bool:
    """Whether these figures prove the model for all that it is offered for. `spoken` are words in silence."""
    is_whole = bool(model.languages) and set(model.languages) <= set(measured)
    parts = [(mine[part], base[part]) for part in PARTS[:2]]
    is_no_worse = all(row["words"] and row["wer"] <= other["wer"] and not row["empty"] for row, other in parts)
    is_deaf = any(row["words_of_bare"] < AROUND_WORDS or row["empty"] for row in mine["around"].values())
    return is_whole and is_no_worse and not is_deaf and spoken == 0


def describe_languages(model: CatalogModel) -> str:
    """Say in which of its languages the model was measured."""
    rest = [code for code in model.languages if code not in MEASURED]
    said = "measured in " + ", ".join(MEASURED)
    if not model.languages:
        return f"{said}, not in its other languages"
    return f"{said}, not in {', '.join(rest)}" if rest else said
