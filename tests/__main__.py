"""Run every test, for `make test`, and install what they are run on, each beside what does without it.

What plays speech, pastes and waits for windows leaves the processor idle most of the time: the tests of the whole app
and of speech are one stream, those of real desktops and of pastes the second, those of Windows, once those of services
have ended, the third. The others leave them the processor (`tests/support/niceness.py`), and at the lowest priority run
what reads the code alone (`make offline-checks`) and those units that no delay can fail; both begin before what the
streams want is installed. The units of windows and of packages follow on the tests of speech.

Windows is set up before the streams: beside them its programs did not start within ten minutes. Where that lacks
network or packages the tests of Windows are skipped, and say so, and where it fails otherwise, so does this. Desktops
are installed beside the first tests of the app, whose display, buses and sound are their own.

Their output comes at the end, whole where something failed. Sound is played in real time, and three streams share what
processors there are: a test of the app, of an adapter or of speech that fails beside the others, where they are a few,
is run again alone, and counts as it ends then. Where another test failed, or a stream did not come to its end, nothing
is. The last lines name each of them. A single test is run by pytest itself.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryFile

from tests.support.niceness import Niceness

APP_AND_SPEECH = ("tests/e2e", "tests/speech")
"""The app as a process: speech is played at its own pace, and programs are waited for; and what needs the processor."""

WINDOWS = "tests/windows"
"""The app and its parts in Windows."""

DESKS = "tests/e2e/desks"
"""The app on real desktops, which wait for the app, and it for them."""

PASTES = ("tests/integration/paste", "tests/integration/matrix")
"""What waits for windows."""

SERVICES = tuple(f"tests/integration/{name}" for name in ("stt", "cloud", "llm"))
"""Half of the rest: what waits for services and for models' processes."""

UNITS = "tests/unit"
"""What waits for nothing."""

PATIENT_UNITS = tuple(f"tests/unit/{name}" for name in ("polish", "settings", "vocabulary", "emotion"))
"""Units that no delay of seconds can fail: they run on what processor the others leave."""

LATE_UNITS = ("tests/unit/ui/settings", "tests/unit/ui", "tests/unit/packaging")
"""Units that are run when the tests of speech have ended, in as many parts: windows, the largest first, and what uses
the tools that packages are made with. At a niceness of 5, the five seconds that a test waits were too few for two
windows."""

NICE = 5
"""The niceness of the other units, and of the rest."""

LONG = ("tests/e2e/test_soak.py", "tests/speech/test_child_kills.py")
"""One of the app's and one of speech that take long: the second stream begins with them."""

TOLD = Path(".cache/told")

SHOWN, REASON = 10, 180
"""So many failed tests are named at the end, each in so many characters: a log that is cut keeps its end."""

FEW = 16
"""As many tests may fail by the load at most; those of a file that share a set-up which failed are one."""

TEST_FAILED = ("FAILED tests/", "ERROR tests/")

IN_REAL_TIME = ("tests/e2e/", "tests/integration/", "tests/speech/", "tests/unit/ui/", "tests/windows/")
"""Tests that a busy machine may fail, those of windows by pytest-qt's five seconds: others that fail now and then have
found a race."""

TESTS_RAN = (0, 1)
"""pytest's exit statuses after all of its tests, the second where some failed."""

ABSENT = (
    *("Some Debian packages are missing", "E: Unable to", "E: Failed to fetch", "E: Package"),
    *("No matching distribution found", "Failed to establish a new connection", "Read timed out"),
    *("Failed to fetch", "error sending request", "not found in the package registry"),
)
"""What apt, pip and uv say where network or packages are missing."""

CHANGED = ("DO NOT MATCH THE HASHES", "Hash mismatch")
"""What pip and uv say of a download that is not the pinned one."""

PYTEST = (sys.executable, "-m", "pytest")
MAKE = ("make", "--no-print-directory")
COMPILATION = (sys.executable, "-m", "compileall", "-q", "desktop", "models", "packaging", "tests")


def beside(niceness: Niceness, name: str, nice: int, command: Sequence[str]) -> tuple[subprocess.Popen[bytes], Path]:
    """Run `command` with that niceness and its output in a file."""
    TOLD.mkdir(parents=True, exist_ok=True)
    file = TOLD / f"{name}.txt"
    with file.open("wb") as told:
        return niceness.start(nice, command, told), file


def tests_of(folder: str, *elsewhere: str) -> Sequence[str]:
    """Command pytest to run the tests of `folder` but those that are run elsewhere."""
    inside = folder.rstrip("/") + "/" if folder else ""
    return [*PYTEST, *filter(None, [folder]), *(f"--ignore={other}" for other in elsewhere if other.startswith(inside))]


def late_units(niceness: Niceness) -> Iterator[tuple[str, int, Sequence[str]]]:
    """Run `LATE_UNITS`, as many at once as there are processors; yield the name, the exit status and the output of
    each."""

    def run(part: str) -> tuple[str, int, Sequence[str]]:
        with TemporaryFile() as output:
            status = niceness.start(0, tests_of(part, *LATE_UNITS), output).wait()
            output.seek(0)
            return part, status, output.read().decode(errors="replace").splitlines()

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(run, LATE_UNITS)


def ending(lines: Sequence[str]) -> Sequence[str]:
    """Select what is printed of tests that passed: pytest's summary of skipped tests, or its last lines."""
    summary = next((at for at, line in enumerate(lines) if "short test summary info" in line), -5)
    return lines[summary:]


def in_sight(command: Sequence[str]) -> tuple[int, Sequence[str]]:
    """Run `command` with its output on this one's; return its exit status and what it printed."""
    lines = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            sys.stdout.write(line)
            sys.stdout.flush()
            lines.append(line.rstrip())
    return process.returncode, lines


def failures(name: str, status: int, lines: Sequence[str]) -> Sequence[str]:
    """List pytest's lines of the failed tests of a stream; and a line for one that did not fail by them alone."""
    tests = [line for line in lines if line.startswith(TEST_FAILED)]
    is_whole = status in TESTS_RAN and bool(tests) == bool(status)
    return tests if is_whole else [*tests, f"{name}: exit status {status}"]


def set_up(niceness: Niceness, target: str, may_lack: Sequence[str] = ()) -> Sequence[str]:
    """Install what `target` of the Makefile does; show what was not installed, and return a line where that is a
    failure."""
    process, file = beside(niceness, target, 0, [*MAKE, target])
    status, output = process.wait(), file.read_text(errors="replace")
    if status or "Going on without" in output:
        sys.stdout.write(f"{output}\n{target}: exit status {status}\n")
        sys.stdout.flush()
    return set_up_failures(target, status, output, may_lack)


def set_up_failures(target: str, status: int, output: str, may_lack: Sequence[str]) -> Sequence[str]:
    """List the failure of a set-up, unless it only lacked what this machine cannot have, and may lack."""
    is_absent = any(words in output for words in may_lack) and not any(words in output for words in CHANGED)
    return [] if not status or is_absent else [f"{target}: exit status {status}"]


def cause(failed: str) -> tuple[str, str]:
    """Tell what failed: a test, or for all tests of a file what was set up once for them, by its error."""
    test, _, error = failed.partition(" - ")
    return (test.partition("::")[0], error) if failed.startswith("ERROR") and error else (test, "")


def to_run_again(failed: Sequence[str]) -> Sequence[str]:
    """Name the failed tests, if they are few and the load may have failed each; else none."""
    tests = [line.split(" ", 1)[1].partition(" - ")[0] for line in failed if line.startswith(TEST_FAILED)]
    is_few = len(tests) == len(failed) and len(set(map(cause, failed))) <= FEW
    is_load = is_few and all(test.startswith(IN_REAL_TIME) for test in tests)
    return tests if is_load else []


def alone(failed: Sequence[str]) -> bool:
    """Run the failed tests again, where that may tell anything; return whether they passed."""
    tests = to_run_again(failed)
    return bool(tests) and subprocess.call([*PYTEST, *tests]) == 0


def after_tools(niceness: Niceness) -> tuple[Sequence[str], Sequence[tuple[subprocess.Popen[bytes], Path]]]:
    """Install the desktops and other tools, and start what is run on them, Windows last; return the lines of what
    failed, and what runs."""
    failed = set_up(niceness, "test-tools")
    desks = beside(niceness, "desks-and-pastes", 0, [*PYTEST, DESKS, *PASTES])
    services = beside(niceness, "services", NICE, [*PYTEST, *SERVICES])
    rest = beside(niceness, "rest", NICE, tests_of("", *APP_AND_SPEECH, WINDOWS, *PASTES, *SERVICES, UNITS))
    services[0].wait()
    return failed, [desks, services, beside(niceness, "windows", 0, [*PYTEST, WINDOWS]), rest]


def all_failures(pool: ThreadPoolExecutor, niceness: Niceness) -> Sequence[str]:
    """Run all tests and checks; return the lines of what failed."""
    failed: list[str] = []
    subprocess.run(COMPILATION)  # once, and not in each process of the desks' user, who may not write here
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # each pytest would rewrite the assertions of all modules anew
    in_what_is_left = [
        beside(niceness, "checks", 19, [*MAKE, "offline-checks"]),
        beside(niceness, "patient-units", 19, [*PYTEST, *PATIENT_UNITS]),
    ]
    if missing := set_up(niceness, "dev"):
        return missing
    units = beside(niceness, "units", NICE, tests_of(UNITS, *PATIENT_UNITS, *LATE_UNITS))
    failed += set_up(niceness, "windows-desk", ABSENT)
    long = beside(niceness, "long", 0, [*PYTEST, *LONG])
    on_tools = pool.submit(after_tools, niceness)
    elsewhere = [f"--ignore={path}" for path in (DESKS, *LONG)]
    failed += failures("app-and-speech", *in_sight([*PYTEST, *APP_AND_SPEECH, *elsewhere]))
    without_tools, streams = on_tools.result()
    failed += without_tools
    for name, status, lines in late_units(niceness):
        failed += failures(name, status, lines)
        sys.stdout.write("\n".join(["", f"{name}:", *(lines if status else ending(lines)), ""]))
        sys.stdout.flush()
    for process, file in (long, *streams, units, *in_what_is_left):
        status = process.wait()
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        failed += failures(file.stem, status, lines)
        sys.stdout.write("\n".join(["", f"{file}:", *(lines if status else ending(lines)), ""]))
        sys.stdout.flush()
    return failed


def main() -> int:
    """Run all; return the exit status, 0 if every test passed."""
    with ThreadPoolExecutor() as pool, Niceness() as niceness:  # which interrupts what the pool waits for
        failed = all_failures(pool, niceness)
    if not failed:
        return 0
    passed = alone(failed)
    told = "failed beside the others and passed alone" if passed else "failed"
    sys.stdout.write("\n".join(["", *(f"{told}: {line[:REASON]}" for line in failed[:SHOWN]), ""]))
    return int(not passed)


if __name__ == "__main__":
    sys.exit(main())
