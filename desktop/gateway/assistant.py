"""The MCP server, by MCP's own SDK: its two tools ask the running app, which asks the user.

It runs on the standard streams of a client that has started it, and holds nothing: no key, no history, no consent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import BaseModel, Field

from desktop import __version__
from desktop.core.errors import UserError
from desktop.core.paths import Paths
from desktop.gateway.link import AppRefusedError, open_link

MAX_QUESTION_CHARS, MAX_DICTATIONS = 500, 20
"""What the app takes at most (`desktop.app.doors.assistants`)."""

INSTRUCTIONS = (
    "Intone is the user's dictation app. `dictate` asks the user a question that is answered by voice; "
    "`search_history` asks the user each time whether earlier dictations may be read. Do not repeat what is declined."
)


class FoundDictation(BaseModel):
    """A dictation that the user has allowed to be read."""

    started_at: str
    app: str
    text: str


def create_server(paths: Paths) -> MCPServer[Any]:
    """Return the server for the app of `paths`."""
    server = MCPServer[Any]("intone", title="Intone", version=__version__, instructions=INSTRUCTIONS, log_level="ERROR")

    @server.tool(description="Ask the user a question. The user answers by voice, or declines; this takes a while.")
    async def dictate(
        prompt: Annotated[str, Field(min_length=1, max_length=MAX_QUESTION_CHARS, description="The question to show")],
        context: Context[Any, Any],
    ) -> str:
        answer = await ask_app(paths, context, {"command": "dictate", "prompt": prompt})
        return str(answer["text"])

    @server.tool(
        description="Search what the user has dictated before, newest first. The user is asked each time whether these "
        "dictations may be handed over."
    )
    async def search_history(
        query: Annotated[str, Field(max_length=MAX_QUESTION_CHARS, description="Words; empty for the newest")],
        context: Context[Any, Any],
        limit: Annotated[int, Field(ge=1, le=MAX_DICTATIONS, description="How many dictations at most")] = 5,
    ) -> list[FoundDictation]:
        found = await ask_app(paths, context, {"command": "search", "query": query, "limit": limit})
        return [FoundDictation(**dictation) for dictation in found["dictations"]]

    return server


async def ask_app(paths: Paths, context: Context[Any, Any], request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the app's answer to a request of a client. Raises `ToolError`, with the app's sentence."""
    client = context.session.client_params
    name = (client.client_info.title or client.client_info.name) if client is not None else ""
    try:
        async with open_link(paths, {**request, "client": name[:60]}) as link:
            return await link.read_line()
    except (AppRefusedError, UserError) as error:
        raise ToolError(str(error)) from error
