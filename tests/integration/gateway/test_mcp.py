"""The MCP SDK's own client at a real `intone mcp`, which asks an engine that runs; the user is a stand-in."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import ClientSession
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp_types import Implementation

from desktop.app.doors import assistants
from desktop.app.status import AssistantQuestion
from tests.support.asked_user import SpeakingUser, User
from tests.support.other_systems import SYSTEM, only_on_linux
from tests.support.running_engine import dictated, running, without_session

pytestmark = pytest.mark.anyio

CLIENT = "Helper\x1b[31m"
"""A name with what a terminal would obey."""

REFUSED: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("dictate", {}, "prompt"),
    ("dictate", {"prompt": "x" * 501}, "at most 500"),
    ("search_history", {"query": "a", "limit": 10_000}, "less than or equal to 20"),
    ("quit", {}, "quit"),
    ("dictate", {"prompt": "  "}, "no question to ask"),
)


async def call(session: ClientSession, tool: str, **arguments: Any) -> tuple[bool, str]:
    """Return whether the call failed, in whichever of the protocol's two ways, and what came back."""
    from mcp import MCPError

    try:
        with anyio.fail_after(60):
            result: Any = await session.call_tool(tool, arguments)
    except MCPError as error:
        return True, str(error)
    return bool(result.is_error), "\n".join(part.text for part in result.content)


async def test_sdks_client_gets_what_the_user_says_and_allows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths, user = without_session(tmp_path, monkeypatch), User()
    monkeypatch.setattr(assistants, "DECLINE_PAUSE_S", 0.0)
    monkeypatch.setattr(assistants, "ANSWER_DELAY_S", 0.0)
    server = StdioServerParameters(command=sys.executable, args=["-m", "desktop", "mcp"], env=dict(os.environ))
    async with (
        stdio_client(server) as (read, write),
        ClientSession(read, write, client_info=Implementation(name=CLIENT, version="1")) as session,
    ):
        await session.initialize()
        tools = await session.list_tools()
        assert [tool.name for tool in tools.tools] == ["dictate", "search_history"]
        async with running(paths, user) as engine, anyio.create_task_group() as tasks:
            speaking = SpeakingUser(engine, user)

            async def answer() -> None:
                await user.asked.wait()
                await speaking.speak("on Monday")

            tasks.start_soon(answer)
            assert await call(session, "dictate", prompt="When\nis it due?") == (False, "On Monday.")
            assert user.questions == [AssistantQuestion("Helper [31m", "When is it due?")]
            assert speaking.paster.pasted == []
            await dictated(engine, "A heron.", app="editor")
            user.allows = True
            failed, found = await call(session, "search_history", query="heron", limit=3)
            assert not failed
            assert '"text": "A heron."' in found
            assert user.questions[-1] == AssistantQuestion("Helper [31m", "heron", 3)
            user.allows = False
            failed, said = await call(session, "search_history", query="heron")
            assert failed
            assert "The user has declined" in said
            assert "heron" not in said
            for tool, arguments, sentence in REFUSED:
                failed, said = await call(session, tool, **arguments)
                assert failed
                assert sentence in said
            assert len(user.questions) == 3
        failed, said = await call(session, "dictate", prompt="Well?")
        assert failed
        assert "Intone is not running" in said


async def test_answer_that_makes_no_sense_is_logged_without_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_on_linux(SYSTEM)
    paths, log = without_session(tmp_path, monkeypatch), tmp_path / "stderr"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        found = json.dumps({"ok": True, "dictations": [{"text": ["the old heron"]}]}).encode() + b"\n"
        writer.write(found)
        await writer.drain()
        writer.write(found)
        await writer.drain()
        writer.close()

    server = StdioServerParameters(command=sys.executable, args=["-m", "desktop", "mcp"], env=dict(os.environ))
    async with await asyncio.start_unix_server(answer, paths.socket):
        with log.open("w") as stderr:
            async with stdio_client(server, errlog=stderr) as (read, write), ClientSession(read, write) as session:
                await session.initialize()
                failed, said = await call(session, "search_history", query="heron")
    assert failed
    assert "ValidationError" in log.read_text()
    assert "heron" not in said + log.read_text()
