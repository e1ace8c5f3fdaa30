"""`intone vocabulary`: edit words to listen for, replacements and snippets without a window; a running app applies them
at once.

One list of all three, because users think of "my words" and not of where each kind is stored: words are a setting, the
others are in `vocabulary.toml`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cli.common import positive
from desktop.cli.printing import say
from desktop.cli.settings import apply
from desktop.core.errors import Problem
from desktop.core.paths import paths
from desktop.core.visible import visible

if TYPE_CHECKING:
    from desktop.vocabulary.vocabulary import Vocabulary


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its actions."""
    command = subparsers.add_parser(
        "vocabulary",
        help="your own words, replacements and snippets",
        description="Words to listen for, what to write for what is heard, and texts that a few words stand for.",
        epilog='Example: intone vocabulary add "get hub" GitHub',
    )
    actions = command.add_subparsers(metavar="ACTION", required=True)

    def add(
        name: str, action: Callable[[argparse.Namespace], None], summary: str, example: str
    ) -> argparse.ArgumentParser:
        parser = actions.add_parser(
            name, help=summary, description=f"{summary.capitalize()}.", epilog=f"Example: intone vocabulary {example}"
        )
        parser.add_argument("--json", action="store_true", help="print JSON")
        parser.set_defaults(run=partial(_run, action))
        return parser

    add("list", _list, "print all of it: kind, heard, written", "list --json")
    adding = add("add", _add, "write one thing for another, or listen for a word", 'add "get hub" GitHub')
    removing = add("remove", _remove, "forget a word, a replacement or a snippet", 'remove "get hub"')
    importing = add("import", _import, "take in a .toml, a .csv or a list of words, one a line", "import words.csv")
    exporting = add(
        "export", _export, "write all of it to a .toml or a .csv, or the words to a .txt", "export all.toml"
    )
    learning = add("learn", _learn, "write from now on what was corrected in a dictation", "learn 12")
    adding.add_argument("texts", metavar="HEARD WRITTEN", nargs="+", help="what is heard, and what is to be written")
    removing.add_argument("text", metavar="TEXT", help="what is heard, or the word")
    kinds = adding.add_mutually_exclusive_group()
    kinds.add_argument("--word", action="store_true", help="words to listen for, that need no replacement")
    kinds.add_argument("--snippet", action="store_true", help="HEARD stands for a text; \\n is a line's end in it")
    importing.add_argument("file", metavar="FILE", type=Path, help="what to take in; its ending says how it is read")
    exporting.add_argument("file", metavar="FILE", type=Path, help="where to; its ending says how")
    learning.add_argument("id", metavar="ID", type=positive, help="a dictation that `intone history edit` corrected")


def _run(action: Callable[[argparse.Namespace], None], args: argparse.Namespace) -> int:
    action(args)
    return 0


def _list(args: argparse.Namespace) -> None:
    vocabulary = _vocabulary()
    kinds: dict[str, Iterable[tuple[str, str]]] = {
        "word": ((word, "") for word in vocabulary.words),
        "replacement": vocabulary.replacements.items(),
        "snippet": vocabulary.snippets.items(),
    }
    for kind, entries in kinds.items():
        for heard, written in entries:
            if args.json:
                print(json.dumps({"kind": kind, "heard": heard, "written": written}, ensure_ascii=False))
            else:
                print(f"{kind:<11}  {visible(heard)}{'  ->  ' if written else ''}{visible(written)}")


def _add(args: argparse.Namespace) -> None:
    if args.word:
        _put_words(args.texts)
        say(args, {"words": args.texts}, f"Listens for {', '.join(args.texts)}.")
        return
    if len(args.texts) != 2:
        raise Problem("Give two texts: what is heard, and what is to be written.", "Quote what has spaces.")
    heard, written = args.texts
    if args.snippet:
        written = written.replace("\\n", "\n")
        _put(snippets={heard: written})
    else:
        _put(replacements={heard: written})
    arrow = "stands for a text" if args.snippet else f"is written {visible(written)}"
    say(args, {"heard": heard, "written": written}, f"{visible(heard)} {arrow}.")


def _remove(args: argparse.Namespace) -> None:
    from desktop.vocabulary import store as file
    from desktop.vocabulary.phrases import folded

    here = paths()
    words = _vocabulary().words
    left = tuple(word for word in words if folded(word) != folded(args.text))
    removed = [section for section in file.SECTIONS if file.remove(here.vocabulary, section, args.text)]
    if left != words:
        _write_words(left)
    elif not removed:
        raise Problem(f"{args.text} is not in the vocabulary.", "`intone vocabulary list` shows it all.")
    apply()
    say(args, {"removed": args.text}, f"{visible(args.text)} is forgotten.")


def _import(args: argparse.Namespace) -> None:
    from desktop.vocabulary import import_export as forms

    found = forms.read(args.file)
    for sentence in found.bad:
        print(visible(sentence), file=sys.stderr)
    count = len(found.words) + len(found.replacements) + len(found.snippets)
    if not count:
        raise Problem(f"{args.file} holds nothing to take in.")
    if found.words:
        _put_words(found.words, tell=False)
    _put(found.replacements, found.snippets)
    told: dict[str, object] = {"words": len(found.words), "replacements": len(found.replacements)}
    told |= {"snippets": len(found.snippets), "bad": len(found.bad)}
    say(args, told, f"Took in {_entries(count)}.")


def _export(args: argparse.Namespace) -> None:
    from desktop.vocabulary import import_export as forms

    count = forms.write(_vocabulary(), args.file)
    say(args, {"file": str(args.file), "entries": count}, f"Wrote {_entries(count)} to {args.file}.")


def _learn(args: argparse.Namespace) -> None:
    from desktop.history.history import History
    from desktop.vocabulary.learning import suggestions

    row = History(paths().history).get(args.id)
    if row is None or row.edited is None:
        remedy = f"Correct it first: intone history edit {args.id} < FILE"
        raise Problem(f"Dictation {args.id} was not corrected.", remedy)
    learned = suggestions(row.text, row.edited)
    if not learned:
        raise Problem(
            "Nothing in that correction is to be learned.", "Say it yourself: intone vocabulary add HEARD WRITTEN"
        )
    _put(dict(learned))
    for heard, written in learned:
        say(args, {"heard": heard, "written": written}, f"{visible(heard)} is written {visible(written)}.")


def _vocabulary() -> Vocabulary:
    """Load the vocabulary in force; invalid entries are named on stderr."""
    from desktop.settings.store import load
    from desktop.vocabulary import store as file
    from desktop.vocabulary.vocabulary import Vocabulary

    here = paths()
    kept = file.load(here.vocabulary)
    for sentence in kept.dropped:
        print(visible(sentence), file=sys.stderr)
    return Vocabulary(load(here.settings).settings.vocabulary.words, kept.replacements, kept.snippets)


def _put(replacements: Mapping[str, str] | None = None, snippets: Mapping[str, str] | None = None) -> None:
    from desktop.vocabulary import store as file

    if replacements:
        file.put(paths().vocabulary, "replacements", replacements)
    if snippets:
        file.put(paths().vocabulary, "snippets", snippets)
    apply()


def _put_words(words: Iterable[str], tell: bool = True) -> None:
    """Add `words` to listen for; one that exists in another case takes the new case."""
    from desktop.vocabulary.import_export import no_word
    from desktop.vocabulary.phrases import folded

    there = {folded(word): word for word in _vocabulary().words}
    for word in words:
        if why := no_word(word):
            raise Problem(f"{visible(word)} cannot be listened for.", why)
        there[folded(word)] = word
    _write_words(there.values())
    if tell:
        apply()


def _write_words(words: Iterable[str]) -> None:
    from desktop.settings.store import put

    put(paths().settings, "vocabulary.words", ",".join(words))


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"
