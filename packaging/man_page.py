"""Format the reference of the command line as a man page, for `reference.py`."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping

COLUMNS = 78
"""Widest line of the source; mandoc complains of more than 80 bytes."""

_SPACE = "\N{NO-BREAK SPACE}"
"""Stands for a space at which no line ends."""

HEAD = """\
.\\" Written by packaging/reference.py from desktop/cli: run "make reference".
.TH INTONE 1 "@DATE@" "Intone @VERSION@" "User commands"
.SH NAME
intone \\- push-to-talk dictation
.SH SYNOPSIS
.B intone
.RI [ command ]
.RI [ options ]
.SH DESCRIPTION
"""

EXIT_STATUS = {
    "0": "done",
    "1": "failed, with a sentence that says why",
    "2": "wrong usage",
    "130": "ended by Ctrl+C",
}

FILES = {
    "~/.config/intone/settings.toml": "the settings; `intone settings path` prints where they are",
    "~/.config/intone/vocabulary.toml": "words, replacements and snippets",
    "~/.config/intone/styles.toml": "styles of writing",
    "~/.config/intone/applications.toml": "rules for pasting into applications",
    "~/.local/share/intone": "the history, its recordings and the models; removing the package leaves it",
    "~/.local/state/intone": "logs, and recordings whose text has not arrived yet",
}


def format_page(introduction: Iterable[str], commands: Iterable[str], environment: Mapping[str, str]) -> str:
    """Return the page in roff, from blocks of Markdown as `docs/cli.md` has them; `environment` are variables and their
    texts."""
    lines = HEAD.splitlines()
    for block in (*introduction, "# COMMANDS", *commands):
        added = [*_format_block(block.strip())]
        lines += added[1:] if added[0] == ".PP" and lines[-1].startswith((".SH", ".SS")) else added
    for title, entries in (("EXIT STATUS", EXIT_STATUS), ("ENVIRONMENT", environment), ("FILES", FILES)):
        lines.append(f".SH {title}")
        for name, text in entries.items():
            lines += _format_entry(name, text)
    return "\n".join(lines) + "\n"


def _format_block(block: str) -> Iterator[str]:
    if heading := re.fullmatch(r"#+ `(.*)`", block):
        yield f".SS {_escape(heading[1])}"
    elif block.startswith("# "):
        yield f".SH {block[2:]}"
    elif usage := re.fullmatch(r"```sh\n(.*)\n```", block, re.DOTALL):
        yield ".PP"
        yield from _wrap(_format_usage(" ".join(usage[1].split())))
    elif block.startswith("- "):
        for entry in re.split(r"\n- ", block[2:]):
            name, _, text = entry.partition("`: ")
            yield from _format_entry(name[1:], text)
    else:
        yield ".PP"
        yield from _format_paragraphs(block)


def _format_usage(usage: str) -> str:
    """Return a usage with the words that are typed as they stand in bold."""
    return re.sub(r"(?<![\w-])\\-\\-[a-z][\w\\-]*|\bintone(?: [a-z][a-z\\-]*)*", r"\\fB\g<0>\\fP", _escape(usage))


def _format_entry(name: str, text: str) -> Iterator[str]:
    yield ".TP"
    yield f".B {_escape(name)}"
    yield from _format_paragraphs(text)


def _format_paragraphs(text: str) -> Iterator[str]:
    """Yield the lines of prose, each sentence on lines of its own, with code in bold."""
    whole = re.sub(
        r"`([^`]*)`", lambda code: f"\\fB{code[1].replace(' ', _SPACE)}\\fP", _escape(" ".join(text.split()))
    )
    for sentence in re.split(r"(?<=[.!?]) (?=[A-Z])", whole):
        yield from _wrap(sentence)


def _escape(text: str) -> str:
    return text.replace("\\", "\\e").replace("-", "\\-")


def _wrap(text: str) -> Iterator[str]:
    for line in textwrap.wrap(text, COLUMNS, break_on_hyphens=False, break_long_words=False):
        plain = line.replace(_SPACE, " ")
        yield f"\\&{plain}" if plain.startswith((".", "'")) else plain
