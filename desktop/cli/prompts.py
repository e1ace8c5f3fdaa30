"""`intone prompts`: count the tokens sent to a language model with every dictation, each of which costs time and
money."""

from __future__ import annotations

import argparse
import json


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "prompts",
        help="count the tokens of the prompts",
        description="Count the tokens of the prompts that go to a language model with every dictation.",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object a line: name, tokens, counted_by")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from desktop.core.paths import find_paths
    from desktop.llm.prompts import count_prompt_tokens, find_token_counter
    from models.store import ModelStore

    counter = find_token_counter(ModelStore(find_paths().models))
    for name, tokens in count_prompt_tokens(counter):
        if arguments.json:
            print(json.dumps({"name": name, "tokens": tokens, "counted_by": counter.name}))
        else:
            print(f"{name}: {tokens} tokens, counted by {counter.name}")
    return 0
