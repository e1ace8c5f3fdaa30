"""Windows to be dictated into, of every kind that desktops have, and what they log."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Self

from tests.support.desk import BUSY_S, stop, until
from tests.support.desks.account import Account

PROGRAMS = Path("tests/support/desks/programs")
"""In the checkout."""

SYSTEM_PYTHON = "/usr/bin/python3"
"""The one that Debian's bindings of GTK are for."""

TERMINALS: Mapping[str, Sequence[str]] = {
    "console": ("kgx", "-T", "{title}", "-e", "{reader}"),
    "konsole": ("konsole", "--separate", "-p", "LocalTabTitleFormat={title}", "-e", "sh", "-c", "{reader}"),
    "foot": ("foot", "-T", "{title}", "sh", "-c", "{reader}"),
    "xterm": ("xterm", "-u8", "-T", "{title}", "-e", "sh", "-c", "{reader}"),
}

CHROMIUM = (
    "chromium",
    "--no-sandbox",  # which wants rights that a container does not have
    "--test-type",  # without a bar about the flag above, which comes some time after the page
    "--no-first-run",
    "--disable-gpu",
    "--password-store=basic",
)

PAGE = """<!DOCTYPE html><title>{title}</title>
<textarea id=text rows=8 cols=60></textarea><input id=password type=password>
<script>
let noted = Promise.resolve();
const note = (event, text) => {{
    const send = () => fetch("/note/{title}", {{method: "POST", body: JSON.stringify({{event, text}})}});
    noted = noted.then(send, send);  // in order
}};
const field = document.getElementById("{field}");
field.addEventListener("input", () => note("text", field.value));
field.addEventListener("compositionupdate", event => note("composition", event.data));
field.addEventListener("compositionend", () => note("composition", ""));
addEventListener("focus", () => note("focused", ""));
addEventListener("blur", () => note("unfocused", ""));
field.focus();
note("ready", "");
</script>"""


@dataclass(frozen=True, slots=True)
class DeskWindow:
    """An open window, by what its program has logged; leaving it ends the program. Times are of `time.monotonic`."""

    title: str
    log: Path
    process: subprocess.Popen[bytes]

    def events(self) -> list[dict[str, object]]:
        """All that was logged; a line that is being written comes later."""
        whole = self.log.read_text(encoding="utf-8", errors="replace").rpartition("\n")[0]
        return [json.loads(line) for line in whole.split("\n") if line]

    def wait(
        self, event: str, met: Callable[[str], bool] = lambda _: True, timeout_s: float = BUSY_S
    ) -> tuple[float, str]:
        """Wait for an event whose text is as `met` wants it; return its time and its text."""

        def found() -> tuple[float, str] | None:
            fitting = ((one["at"], one["text"]) for one in self.events() if one["event"] == event and met(one["text"]))
            return next(fitting, None)

        until(found, lambda: f"{self.title} has logged a fitting {event}; {self.events()[-5:]}", timeout_s)
        at_and_text = found()
        assert at_and_text is not None
        return at_and_text

    def text(self) -> str:
        """What the field holds; in Chromium with what it shows as being composed."""
        return next((str(one["text"]) for one in reversed(self.events()) if one["event"] == "text"), "")

    def composition(self) -> str:
        """What the field shows as being composed."""
        return next((str(one["text"]) for one in reversed(self.events()) if one["event"] == "composition"), "")

    def close(self) -> None:
        """End the program."""
        stop(self.process)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def command_of(kind: str, field: str, title: str, log: Path, account: Account) -> list[str]:
    """The command that opens a window of a program of the checkout or of a terminal."""
    programs = account.tree / PROGRAMS
    if kind in ("gtk4", "gtk3"):
        version = {"gtk4": "4.0", "gtk3": "3.0"}[kind]
        return [SYSTEM_PYTHON, str(programs / "gtk_window.py"), version, field, title, str(log)]
    if kind == "qt":
        return [str(account.python), str(programs / "qt_window.py"), field, title, str(log)]
    reader = f"exec {SYSTEM_PYTHON} {programs / 'terminal_reader.py'} {log}"
    return [word.format(title=title, reader=reader) for word in TERMINALS[kind]]


def browser_command(page: str, folder: Path, platform: str, *flags: str) -> list[str]:
    """The command that opens Chromium on a page as a window of `platform`, with its data in `folder`."""
    return [*CHROMIUM, f"--ozone-platform={platform}", *flags, f"--user-data-dir={folder}", f"--app={page}"]


@contextmanager
def served_pages(logs: Mapping[str, Path]) -> Iterator[str]:
    """Serve pages until the block ends; yield their address. What a page posts goes into its log, by its title.

    The path of a page is FIELD/TITLE.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            match self.path.split("/"):
                case ["", field, title]:
                    self._answer(PAGE.format(field=field, title=title).encode())
                case _:
                    self.send_error(404)

        def do_POST(self) -> None:
            event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with logs[self.path.rpartition("/")[2]].open("a", encoding="utf-8") as log:
                log.write(json.dumps({"at": monotonic(), **event}) + "\n")
            self._answer(b"")

        def _answer(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
