"""The project's own tests in Windows: how many pass, which fail, and what is left out because it is of another system.

A hundred files share one pytest inside Wine, at the lowest priority. Each test writes what became of it
(`tests/support/windows/outcomes.py`); where a process ends in the middle, the test that it was in has failed, and
another goes on behind it; so does a run that was killed. What is left out, and why, is in
`tests/support/other_systems.py`. A file's result is known by the file and by the package that its folder is of: a
change elsewhere in the code asks for none of the others again.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Sequence
from itertools import batched
from pathlib import Path
from typing import Any

from tests.prove.record import ROOT, Run, digest, tell
from tests.prove.recordings import Absent
from tests.support.desks.wine import WINDOWS, WineDesk, missing, windows_path
from tests.support.other_systems import LINUX_ALONE, find_reason

TEST_S = 300
"""How long a test may take, as on Linux; its process ends then, as Windows has no alarm."""

FILES_AT_ONCE = 100
"""So many share a process, which takes some 20 s to import what they use."""

PROCESS_S = 6 * 3600.0

SESSION = "session"
"""The test that stands for all in `outcomes`: it comes last, unless the process ends before."""

FAILED, EXCLUDED = "failed", "excluded"


def prove(run: Run) -> dict[str, Any]:
    """Run what has no result yet. `run.part`: the files whose paths begin so; `run.limit`: as many files."""
    if lacks := missing():
        raise Absent(f"no Windows here, for want of {', '.join(lacks)}")
    files = [file for file in list_test_files() if file.startswith(run.part)][: run.limit]
    to_run = [file for file in files if find_reason(file) is None]
    pending = [file for file in to_run if _key(file) not in run.lines]
    if pending:
        with tempfile.TemporaryDirectory(prefix="intone-windows-tests-") as folder, WineDesk(Path(folder)) as desk:
            desk.environ.pop("INTONE_HOME")  # tests have homes of their own
            for some in batched(pending, FILES_AT_ONCE):
                tell(f"windows-tests: {some[0]} to {some[-1]}")
                named = hashlib.sha256("".join(map(_key, some)).encode()).hexdigest()[:12]
                for file, found in run_files(desk, some, run.out / f"{run.name}-{named}.jsonl").items():
                    run.lines.add(_key(file), found)
    return {"files": len(files), **_add_up([(file, run.lines[_key(file)]) for file in to_run], files)}


def list_test_files() -> list[str]:
    """List the files of tests but those that look at Windows from Linux, as paths in the repository."""
    files = (file.relative_to(ROOT).as_posix() for file in (ROOT / "tests").rglob("test_*.py"))
    return sorted(file for file in files if not file.startswith("tests/windows/"))


def run_files(desk: WineDesk, files: Sequence[str], outcomes: Path) -> dict[str, dict[str, Any]]:
    """Run files of tests in Windows; return of each how many tests passed, and why others failed or were left out.

    What has an outcome in the file `outcomes`, of a run that was killed, is not run again.
    """
    unfinished, known = _unfinished(outcomes), _lines(outcomes)
    kept = [one for one in known if one["test"] not in (*unfinished, SESSION)]
    outcomes.write_text("".join(json.dumps(one) + "\n" for one in kept))
    ended = False
    while not ended:
        before = len(_lines(outcomes))
        desk.run(*pytest_command(outcomes, files), timeout_s=PROCESS_S)
        for test in _unfinished(outcomes):
            with outcomes.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"test": test, "outcome": FAILED, "reason": "the process ended in it"}) + "\n")
        ended = any(one["test"] == SESSION for one in _lines(outcomes)) or len(_lines(outcomes)) == before
    lines = _lines(outcomes)
    return {file: add_up_file(file, lines) for file in files}


def pytest_command(outcomes: Path, files: Sequence[str]) -> tuple[str, ...]:
    """Return what runs files of tests in Windows, with what becomes of each test in `outcomes`."""
    plugins = ("-p", "tests.support.windows.outcomes", "-p", "no:cacheprovider", "--continue-on-collection-errors")
    limits = ("--timeout", str(TEST_S), "-o", "timeout_method=thread", "-q", "--tb=short")
    tidy = ("-o", "tmp_path_retention_policy=none")  # where Linux has holes in files, Windows has gigabytes of zeros
    pytest = ("nice", "-n", "19", "wine", str(WINDOWS.python()), "-m", "pytest")
    return (*pytest, *plugins, *limits, *tidy, "--outcomes", windows_path(outcomes), *files)


def _key(file: str) -> str:
    """A file's name with a digest of it, and of the package that its folder is of."""
    parts = Path(file).parts
    package = "/".join(("desktop", *parts[2:3])) if parts[1] in ("unit", "integration") else "desktop"
    package = "models" if package == "desktop/models" else package
    text = (ROOT / file).read_bytes()
    return f"{file} {hashlib.sha256(text + digest(package).encode()).hexdigest()[:12]}"


def _lines(outcomes: Path) -> list[dict[str, str]]:
    if not outcomes.exists():
        return []
    return [json.loads(line) for line in outcomes.read_text(encoding="utf-8").splitlines()]


def _unfinished(outcomes: Path) -> list[str]:
    lines = _lines(outcomes)
    ended = {one["test"] for one in lines if one["outcome"] != "began"}
    return [one["test"] for one in lines if one["test"] not in ended]


def _file_of(test: str) -> str:
    return test.partition("::")[0]


def add_up_file(file: str, lines: Sequence[dict[str, str]]) -> dict[str, Any]:
    """Count what became of the tests of `file`, of which `lines` tell. One of which they tell nothing has failed: what
    all tests import may be missing, and pytest ends then before it collects any."""
    ends = {one["test"]: one for one in lines if _file_of(one["test"]) == file and one["outcome"] != "began"}.values()
    failed = {one["test"]: one["reason"] for one in ends if one["outcome"] == FAILED}
    return {
        "passed": sum(one["outcome"] == "passed" for one in ends),
        FAILED: failed if ends else {file: "none of its tests came to an end"},
        EXCLUDED: Counter(one["reason"] for one in ends if one["outcome"] == "skipped"),
    }


def _add_up(found: Sequence[tuple[str, dict[str, Any]]], files: Sequence[str]) -> dict[str, Any]:
    failed = sorted(test for _, line in found for test in line[FAILED])
    tests: Counter[str] = Counter()
    for _, line in found:
        tests.update(line[EXCLUDED])
    whole = Counter(reason for file in files if (reason := find_reason(file)))
    return {
        "files_run": len(found),
        "passed": sum(line["passed"] for _, line in found),
        FAILED: len(failed),
        "files_excluded": dict(whole.most_common()),
        "tests_excluded": dict(tests.most_common()),
        "left_out": LINUX_ALONE,
        "which_failed": failed,
        "ok": not failed,
    }
