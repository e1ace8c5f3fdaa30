"""KWin's side of scripting, on a bus of the test's own: it runs the scripts that it is given, in Qt's engine as KWin
does, with the windows that a test says."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from dbus_fast import ErrorType, Message, MessageType, RequestNameReply
from dbus_fast.aio import MessageBus

from desktop.platforms.linux.kwin import KWIN, SCRIPT, SCRIPTING

ENGINE = """
import json, sys
from PySide6.QtCore import QCoreApplication
from PySide6.QtQml import QJSEngine
app = QCoreApplication([])
for line in sys.stdin:
    workspace, script = json.loads(line)
    engine = QJSEngine()
    engine.evaluate("var workspace = " + json.dumps(workspace) + ", calls = [];"
        "function callDBus() { calls.push(Array.prototype.slice.call(arguments)); }")
    result = engine.evaluate(script)
    calls = engine.evaluate("JSON.stringify(calls)").toString()
    print(json.dumps([result.toString()] if result.isError() else json.loads(calls)), flush=True)
"""
"""Run by itself: Qt allows one application in a process, and tests of windows have another."""


class FakeKWin:
    """`workspace` is what a script finds; `loaded` the scripts that are loaded: their files, by their names.

    It is of the `major` version and has scripts at `path`. While it `sleeps` it holds answers back, in `asleep` or as
    `on_asleep(call)` says. It `refuses` to load any; `asked` counts the requests to load one. `before_run` is called
    before a script is.
    """

    def __init__(self, bus: MessageBus, engine: subprocess.Popen[str], major: int) -> None:
        self.workspace: dict[str, object] = {}
        self.loaded: dict[str, str] = {}
        self.sleeps = False
        self.asleep: list[list[str]] = []
        self.refuses = False
        self.asked = 0
        self.before_run: Callable[[], None] = lambda: None
        self.on_asleep: Callable[[list[str]], None] = self.asleep.append
        self._bus = bus
        self._engine = engine
        self._paths: dict[str, str] = {}
        self.path = "/Scripting/Script{}" if major >= 6 else "/{}"
        bus.add_message_handler(self._handle)

    def _handle(self, message: Message) -> Message | None:
        if message.message_type is not MessageType.METHOD_CALL:
            return None
        match message.path, message.interface, message.member, message.body:
            case ("/Scripting", interface, "loadScript", [str(file), str(name)]) if interface == SCRIPTING:
                self.asked += 1
                if self.refuses or name in self.loaded:
                    return Message.new_method_return(message, "i", [-1])
                self.loaded[name] = file
                self._paths[self.path.format(self.asked)] = name
                return Message.new_method_return(message, "i", [self.asked])
            case (str(path), interface, "run", []) if interface == SCRIPT and self._paths.get(path) in self.loaded:
                self.before_run()
                for call in self._run(Path(self.loaded[self._paths[path]]).read_text()):
                    if self.sleeps:
                        self.on_asleep(call)
                    else:
                        self.answer(call)
                return Message.new_method_return(message)
            case ("/Scripting", interface, "unloadScript", [str(name)]) if interface == SCRIPTING:
                return Message.new_method_return(message, "b", [self.loaded.pop(name, None) is not None])
        return Message.new_error(message, ErrorType.UNKNOWN_OBJECT, f"nothing is at {message.path}")

    def check_engine(self) -> None:
        """Wait until scripts can be run."""
        assert self._run("callDBus('1')") == [["1"]]

    def _run(self, script: str) -> list[list[str]]:
        """Run the script as KWin does; return the arguments of each of its calls to `callDBus`."""
        assert self._engine.stdin is not None
        assert self._engine.stdout is not None
        self._engine.stdin.write(json.dumps([self.workspace, script]) + "\n")
        self._engine.stdin.flush()
        calls: list[list[str]] = json.loads(self._engine.stdout.readline())
        return calls

    def answer(self, call: list[str]) -> None:
        """Call the program back."""
        send_call(self._bus, call)


def send_call(bus: MessageBus, call: list[str]) -> None:
    """Make the call of a script's `callDBus` from `bus`."""
    name, path, interface, member, *body = call
    bus.send(Message(name, path, interface, member, signature="s" * len(body), body=body))


@contextmanager
def script_engine() -> Iterator[subprocess.Popen[str]]:
    """A process that runs `ENGINE`."""
    command = [sys.executable, "-c", ENGINE]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as engine:
        try:
            yield engine
        finally:
            engine.kill()


@asynccontextmanager
async def fake_kwin(bus: str, major: int = 6) -> AsyncIterator[FakeKWin]:
    """KWin on the bus."""
    with script_engine() as engine:
        connection = await MessageBus(bus).connect()
        kwin = FakeKWin(connection, engine, major)
        kwin.check_engine()
        assert await connection.request_name(KWIN) is RequestNameReply.PRIMARY_OWNER
        try:
            yield kwin
        finally:
            connection.disconnect()
