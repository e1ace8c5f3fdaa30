"""What several commands print, and how."""

from __future__ import annotations

import argparse
import json


def say(args: argparse.Namespace, answer: dict[str, object], sentence: str) -> None:
    """The answer for a program, or the sentence for a person."""
    print(json.dumps(answer, ensure_ascii=False) if args.json else sentence)
