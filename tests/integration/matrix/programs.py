"""The programs of the matrix, each with an empty field that has the focus, and what that field holds.

What arrived is read from the program itself, by the file that it or what runs in it writes, never from the clipboard.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from xml.etree import ElementTree

from tests.support.desk import until
from tests.support.session_bus import NO_SERVICES
from tests.support.web_page import served
from tests.support.x_clients import PATIENCE_S, Hand, own_home, program, read_file

HERE = Path(__file__).parent
SUPPORT = HERE.parents[1] / "support"

CONTROL_L, LETTER_A, LETTER_C, LETTER_G, LETTER_S, RETURN = 37, 38, 54, 42, 39, 36
"""Keycodes of evdev's map, which Xvfb uses."""

LOOK_S = 1.0
"""How long a person waits before they type or save again."""

ABIWORD = "http://www.abisource.com/awml.dtd"


def _from_abiword(text: str) -> str:
    """The text of an AbiWord document; empty while it is half written."""
    try:
        document = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        return ""
    return "\n".join("".join(paragraph.itertext()) for paragraph in document.iter(f"{{{ABIWORD}}}p"))


@dataclass(frozen=True)
class Recipe:
    """How a program is opened: its command, in which {title} stands for its window's title.

    `ready`: it writes its file as soon as it can be written into. `saves`: it writes it at Ctrl+S. `one_line`: it is in
    a terminal. `before` and `decode`: what its file, named with `suffix`, holds at the start, and the text in that.
    """

    command: str
    ready: bool = True
    saves: bool = False
    one_line: bool = False
    suffix: str = ".txt"
    before: str | None = None
    decode: Callable[[str], str] = str
    env: Mapping[str, str] = field(default_factory=dict)


def _terminal(command: str, decode: Callable[[str], str] = str) -> Recipe:
    return Recipe(command, one_line=True, decode=decode)


def _vim(insert: str = "") -> Recipe:
    command = f"{_XTERM} vim -u {{here}}/vimrc -i NONE {insert} {{path}}"
    return _terminal(command, lambda text: text.removesuffix("\n"))


def _chromium(kind: str) -> Recipe:
    flags = "--no-sandbox --no-first-run --disable-gpu --password-store=basic --user-data-dir={folder}/chromium"
    return Recipe(f"chromium {flags} --app={{page}}?{kind}")


_XTERM = "xterm -u8 -T {title} -e"
_CAT = "sh -c 'stty -icanon -echo; exec cat > {path}'"
_ON_A_BUS = f"dbus-run-session --config-file={NO_SERVICES} --"
_SHELL = "sh -c 'exec sh -i > {path}'"

PROGRAMS = {
    "xterm": _terminal(f"{_XTERM} {_CAT}"),
    "vte": _terminal(f'sakura --title {{title}} -x "{_CAT}"'),
    "vim-insert": _vim("+startinsert"),
    "vim-normal": _vim(),
    "mousepad": Recipe(f"{_ON_A_BUS} mousepad --disable-server {{path}}", ready=False, saves=True, before=""),
    "qt": Recipe("{python} {support}/qt_editor.py {path} {title}", ready=False, env={"QT_QPA_PLATFORM": "xcb"}),
    "textarea": _chromium("textarea"),
    "contenteditable": _chromium("contenteditable"),
    "abiword": Recipe(
        "abiword {path}",
        ready=False,
        saves=True,
        suffix=".abw",
        before=f'<abiword xmlns="{ABIWORD}"><section><p></p></section></abiword>',
        decode=_from_abiword,
    ),
    "tk": Recipe("wish {here}/entry.tcl {path} {title}"),
}
"""The rows of the matrix."""

SHELLS = {
    "shell-in-xterm": _terminal(f"{_XTERM} {_SHELL}"),
    "shell-in-vte": _terminal(f'sakura --title {{title}} -x "{_SHELL}"'),
}
"""Shells that know nothing of bracketed paste; what they run writes the file."""

_BASH = "sh -c 'F={path} exec bash --noprofile --rcfile {here}/bashrc -i'"

BRACKETED_SHELLS = {
    "bash-in-xterm": _terminal(f"{_XTERM} {_BASH}"),
    "bash-in-vte": _terminal(f'sakura --title {{title}} -x "{_BASH}"'),
}
"""Shells with bracketed paste; $F is the file that what they run writes."""


@dataclass
class Program:
    """A program with a field of text; `shown` is what the field held when it was last looked at."""

    recipe: Recipe
    hand: Hand
    path: Path
    shown: str = ""

    def fitted(self, text: str) -> str:
        """What becomes of `text` (which has no two spaces after each other) here."""
        return " ".join(text.split()) if self.recipe.one_line else text

    def added(self, wanted: str) -> str:
        """What stands in the field after `shown`, once that is `wanted` or when patience ends.

        All that stands there, where `shown` does no more."""
        before, deadline = self.shown, monotonic() + PATIENCE_S
        while True:
            self.shown = self.look(lambda text: text == before + wanted, LOOK_S)
            if self.shown == before + wanted or monotonic() >= deadline:
                return self.shown.removeprefix(before)

    def wait_ready(self) -> None:
        """Wait until the program takes text: its file is there, or what is typed stays (an editor shows its window
        before it has read its file, which then takes the place of all that came before)."""
        if self.recipe.ready:
            until(self.path.exists, f"{self.path} is there")
            return
        deadline = monotonic() + PATIENCE_S
        while not self.shown:
            assert monotonic() < deadline, "the program takes no text"
            self.tap(LETTER_A)
            self.shown = self.look(bool, LOOK_S)

    def look(self, done: Callable[[str], bool], patience_s: float = PATIENCE_S) -> str:
        """What stands in the field, once it is `done` or when patience ends; saved before where that is needed."""
        if self.recipe.saves:
            self.tap(CONTROL_L, LETTER_S)
        decode = self.recipe.decode
        return decode(read_file(self.path, lambda text: done(decode(text)), patience_s))

    def tap(self, *keycodes: int) -> None:
        """Strike a chord as a person would."""
        for code in keycodes:
            self.hand.press(code)
        for code in reversed(keycodes):
            self.hand.release(code)


@contextmanager
def opened(name: str, display: str, folder: Path) -> Iterator[Program]:
    """The program until the block ends. `folder`, which is empty, is its home."""
    recipe, title = {**PROGRAMS, **SHELLS, **BRACKETED_SHELLS}[name], f"matrix-{name}"
    path = (folder / title).with_suffix(recipe.suffix)
    if recipe.before is not None:
        path.write_text(recipe.before)
    with ExitStack() as stack:
        page = stack.enter_context(served((HERE / "page.html").read_text(), path)) if "{page}" in recipe.command else ""
        names = {"path": path, "title": title, "folder": folder, "page": page}
        names |= {"here": HERE, "support": SUPPORT, "python": sys.executable}
        command = [word.format_map(names) for word in shlex.split(recipe.command)]
        stack.enter_context(program(display, title, *command, env={**own_home(folder), **recipe.env}))
        hand = Hand(display)
        stack.callback(hand.close)
        found = Program(recipe, hand, path)
        found.wait_ready()
        yield found
