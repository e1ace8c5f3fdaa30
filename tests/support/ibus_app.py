"""Intone as far as its IBus input method, in a process of its own that tests command, end and kill.

`python -m tests.support.ibus_app` reads a JSON list from each line, a command with its arguments, and answers each with
a line: what it found, or `error`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from time import monotonic
from typing import Any, Self, cast

from desktop.paste.input_method.ibus.method import IBusInputMethod
from desktop.paste.input_method.interface import Choice, InputContext
from desktop.paste.input_method.receipt import is_inserted
from tests.support.desk import BUSY_S, ROOT
from tests.support.desks.account import Account

RECEIPT_S = 2.0
"""How long a receipt may take on a busy machine."""

POLL_S = 0.01


class IBusApp:
    """The process on the tests' side, of `account` or of those who run the tests; killed at the block's end.

    `choice` is its user's of `paste.input_method`.
    """

    def __init__(self, environ: Mapping[str, str], account: Account | None = None, choice: str = "always") -> None:
        self._environ = environ
        self._choice = choice
        self._account = account or Account("", ROOT, Path(sys.executable), ROOT)

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            [str(self._account.python), "-P", "-m", "tests.support.ibus_app", self._choice],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**self._environ, "PYTHONPATH": str(self._account.tree)},
            cwd=self._account.tree,
            **self._account.options,
        )
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()

    def send(self, *command: object) -> None:
        """Send a command; `answer` reads its answer."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(command).encode() + b"\n")
        self.process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        """The next answer."""
        assert self.process.stdout is not None
        found: dict[str, Any] = json.loads(self.process.stdout.readline())
        return found

    def ask(self, *command: object) -> dict[str, Any]:
        """Send a command and return its answer."""
        self.send(*command)
        return self.answer()

    def commit(self, text: str, program: str = "window") -> dict[str, Any]:
        """Commit a text and wait for its receipt: whether there was a field, `traits`, `before`, `is_inserted`."""
        return self.ask("commit", text, program)

    def kill(self) -> None:
        """Kill it as `kill -9` does."""
        self.process.kill()
        self.process.wait()

    def quit(self) -> None:
        """End it as its user does."""
        self.ask("quit")
        self.process.wait(timeout=BUSY_S)


class _App:
    """The process's own side."""

    def __init__(self, choice: Choice) -> None:
        self._method = IBusInputMethod(os.environ)
        self._method.apply_choice(choice)
        self._held: AbstractAsyncContextManager[InputContext | None] | None = None
        self._field: InputContext | None = None

    async def run(self) -> None:
        self._method.start(asyncio.get_running_loop())
        commands: dict[str, Callable[..., Awaitable[dict[str, Any]]]] = {
            name.removeprefix("do_"): getattr(self, name) for name in dir(self) if name.startswith("do_")
        }
        while line := await asyncio.to_thread(sys.stdin.readline):
            name, *arguments = json.loads(line)
            try:
                answer = await commands[name](*arguments)
            except OSError as error:
                answer = {"error": str(error)}
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()
            if name == "quit":
                break

    async def do_ready(self, is_available: bool = True) -> dict[str, Any]:
        """Wait until the daemon is there, or gone."""
        while self._method.is_available is not is_available:  # noqa: ASYNC110 (the method has no event for it)
            await asyncio.sleep(POLL_S)
        return {}

    async def do_connected(self) -> dict[str, Any]:
        """Wait until the daemon is there, whatever its engine is."""
        while self._method._connection is None:  # noqa: ASYNC110
            await asyncio.sleep(POLL_S)
        return {}

    async def do_commit(self, text: str, program: str) -> dict[str, Any]:
        started = monotonic()
        async with self._method.acquire(program) as field:
            if field is None:
                return {"field": False}
            answer = self._describe(field)
            acquired = monotonic()
            if field.traits.is_password:
                return answer
            before = await field.commit(text)
            committed = monotonic()
            answer["is_inserted"] = await self._wait_inserted(field, before, text)
            times = zip(("acquire", "commit", "receipt"), (acquired, committed, monotonic()), strict=True)
            return {**answer, "ms": {name: round((at - started) * 1000, 1) for name, at in times}}

    async def do_hold(self, program: str, traits_only: bool = False) -> dict[str, Any]:
        """Stay the field's input method until `release`."""
        self._held = self._method.acquire(program, traits_only=traits_only)
        self._field = await self._held.__aenter__()
        return self._describe(self._field) if self._field is not None else {"field": False}

    async def do_type(self, text: str) -> dict[str, Any]:
        """Commit in the held field, without waiting for a receipt."""
        assert self._field is not None
        await self._field.commit(text)
        return {}

    async def do_compose(self, text: str) -> dict[str, Any]:
        assert self._field is not None
        await self._field.show_composition(text)
        return {}

    async def do_delete(self, count: int) -> dict[str, Any]:
        assert self._field is not None
        await self._field.delete_before(count)
        return {}

    async def do_return(self) -> dict[str, Any]:
        assert self._field is not None
        return {"pressed": await self._field.press_return()}

    async def do_release(self) -> dict[str, Any]:
        assert self._held is not None
        await self._held.__aexit__(None, None, None)
        return {}

    async def do_quit(self) -> dict[str, Any]:
        self._method.close()
        return {}

    @staticmethod
    def _describe(field: InputContext) -> dict[str, Any]:
        traits, seen = field.traits, field.surrounding
        return {
            "field": True,
            "is_password": traits.is_password,
            "is_terminal": traits.is_terminal,
            "before": seen.before if seen is not None else None,
        }

    @staticmethod
    async def _wait_inserted(field: InputContext, before: Any, text: str) -> bool:
        try:
            async with asyncio.timeout(RECEIPT_S if before is not None else 0):
                while not is_inserted(before, field.surrounding, text):
                    await field.wait_for_change()
        except TimeoutError:
            return False
        return True


if __name__ == "__main__":
    logging.basicConfig(level=logging.DEBUG, format="%(relativeCreated)d %(name)s %(message)s")
    asyncio.run(_App(cast(Choice, sys.argv[1])).run())
