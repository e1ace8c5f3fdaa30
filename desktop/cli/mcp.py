"""`intone mcp`: let an assistant ask the user by voice, and read dictations that the user allows."""

from __future__ import annotations

import argparse


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "mcp",
        help="let an assistant ask you by voice (MCP)",
        description="Serve the Model Context Protocol on standard input and output, for a client that starts this: "
        "`dictate` asks you a question that you answer by voice, `search_history` asks you each time whether "
        "dictations may be handed over. The app asks, in a window of its own; no answer is a no. Needs Intone to run.",
        epilog='Example, in the client\'s configuration: {"mcpServers": {"intone": {"command": "intone", '
        '"args": ["mcp"]}}}',
    )
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    import anyio

    from desktop.core.log import setup_stderr_logging
    from desktop.core.paths import find_paths
    from desktop.gateway.assistant import create_server

    setup_stderr_logging()  # before the SDK adds its own handler, which writes the texts of exceptions
    anyio.run(create_server(find_paths()).run_stdio_async)
    return 0
