"""The process in which the app compares models: at a low priority, and gone when the app is, or when it is killed.

It prints a line of JSON for each result: how many of how many there are, and the model; and one for each problem, for
which a model or recording is left out, or nothing is compared. The results themselves are in their file.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

from desktop.core.process import end_process, restrict_to_user

if TYPE_CHECKING:
    from desktop.bench.mine import Progress
    from desktop.core.errors import UserError

NICENESS = 10
"""The niceness, which the models' processes inherit: a tenth of a processor that others want, and of the disk.

At 19 a killed one took more than a second to give its memory back on a busy machine, as that is done at its priority.
"""


def main() -> None:
    """Measure what is missing until all is there."""
    if sys.platform != "win32":  # where it was started so
        os.setpriority(os.PRIO_PROCESS, 0, max(NICENESS, os.getpriority(os.PRIO_PROCESS, 0)))
    restrict_to_user()
    threading.Thread(target=_end_with_the_app, daemon=True).start()

    import anyio

    from desktop.bench import mine
    from desktop.bench.clock import SkippingClock
    from desktop.core.errors import UserError
    from desktop.core.paths import find_paths

    paths, clock = find_paths(), SkippingClock()

    async def run() -> None:
        setup = mine.load_setup(paths, (), mine.DEFAULT_LIMIT, 0)
        await mine.measure(
            clock, setup, paths.bench_results, _report_progress, lambda name, problem: _report_problem(problem)
        )

    try:
        anyio.run(run, backend_options={"loop_factory": clock.create_loop})
    except UserError as problem:
        _report_problem(problem)


def _end_with_the_app() -> None:
    """End this process at once when standard input ends: its models' processes end with it."""
    while os.read(sys.stdin.fileno(), 4096):  # not by its buffer, whose lock would abort an interpreter that ends
        pass
    end_process(0)


def _report_progress(progress: Progress) -> None:
    _print_line(progress._asdict())


def _report_problem(problem: UserError) -> None:
    from desktop.core.message_json import dump_message

    _print_line({"problem": dump_message(problem.outside_dictation().message)})


def _print_line(values: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
