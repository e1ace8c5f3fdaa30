"""Output shared by several commands."""

from __future__ import annotations

import argparse
import json


def print_answer(args: argparse.Namespace, answer: dict[str, object], sentence: str) -> None:
    """Print the answer as JSON with `--json`, otherwise the sentence."""
    print(json.dumps(answer, ensure_ascii=False) if args.json else sentence)
