"""The error rate of the app's streaming against decoding whole, by `intone bench accuracy`, on the corpus.

No end of a dictation may be lost that decoding whole has, also where the key is let go on the last word.

The command is run rather than its function called: what a person can measure with is what is proven.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from typing import Any

from tests.prove.corpus import build
from tests.prove.record import MODELS, ROOT, Run, digest


def prove(run: Run) -> dict[str, Any]:
    """Build the corpus, measure. `bench` keeps its own lines; they hold for one state of the code."""
    folder, rows = build(replace(run, name="corpus"))
    out = run.out / f"accuracy-{run.seed}.{digest('desktop', 'tests/prove')}.jsonl"
    command = [sys.executable, "-m", "desktop", "bench", "accuracy", str(folder), "--model", run.model]
    done = subprocess.run(
        [*command, "--seed", str(run.seed), "--out", str(out), "--json"],
        env={**os.environ, "INTONE_HOME": str(MODELS.parent)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    counts = {"dictations": len(rows), "results": str(out)}
    if not done.stdout.strip():
        return {**counts, "ok": False, "error": f"`intone bench accuracy` ended with {done.returncode}"}
    bench = json.loads(done.stdout)
    lost_ends = sum(row["lost_tail"] for row in bench["languages"])
    return {**counts, "lost_ends": lost_ends, "bench": bench, "ok": done.returncode == 0 and not lost_ends}
