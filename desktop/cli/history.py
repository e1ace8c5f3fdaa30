"""`intone history`: read, search, correct, export and delete dictations, with or without a running app."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cli import history_stats
from desktop.cli.common import decoded, positive
from desktop.cli.printing import say
from desktop.cli.settings import apply
from desktop.core.errors import HistoryProblem, Problem
from desktop.core.paths import paths
from desktop.core.types import LABELS, Outcome
from desktop.core.visible import visible

if TYPE_CHECKING:
    from desktop.history.history import History
    from desktop.history.row import Row
    from desktop.history.search import Filter

STDIN = "-"
"""Stands for standard input."""

SEEN = "While a command runs, every user of this machine can see its arguments, but not what comes by standard input."

UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its actions."""
    command = subparsers.add_parser(
        "history",
        help="read, search, export and delete dictations",
        description="Read, search, export and delete what was dictated. Newest first.",
        epilog="Example: echo invoice | intone history search --since 7d",
    )
    actions = command.add_subparsers(metavar="ACTION", required=True)
    history_stats.register(actions, since)

    def add(
        name: str, action: Callable[[History, argparse.Namespace], None], summary: str, example: str
    ) -> argparse.ArgumentParser:
        parser = actions.add_parser(
            name, help=summary, description=f"{summary.capitalize()}.", epilog=f"Example: intone history {example}"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object a line")
        parser.set_defaults(run=partial(_run, action))
        return parser

    listing = add("list", _list, "list the newest dictations", "list --limit 10 --since today")
    search = add("search", _search, "find dictations by the beginnings of words", "search")
    show = add("show", _show, "print all that is known of a dictation", "show 12")
    export = add("export", _export, "write dictations to a .jsonl, .csv, .md, .txt or .srt file", "export words.csv")
    bring = add("import", _import, "add the dictations of a .jsonl or .csv file that export wrote", "import words.csv")
    edit = add("edit", _edit, "correct a dictation's text, and say what could be learned", "edit 12")
    emotion = add("correct-emotion", _correct_emotion, "say what a dictation expressed", "correct-emotion 12 joy")
    delete = add("delete", _delete, "delete a dictation and its recording", "delete 12")
    forget = add(
        "forget-emotions", _forget_emotions, "delete all emotions, and what is known of voices", "forget-emotions --yes"
    )
    clear = add("clear", _clear, "delete all dictations and their recordings", "clear --yes")
    for parser, words in ((search, "blue whale | intone history search"), (edit, "'Hi Jo' | intone history edit 12")):
        parser.description, parser.epilog = f"{parser.description} {SEEN}", f"Example: echo {words}"
    query = "words, or how they begin; without them, or with -, standard input is read"
    search.add_argument("query", metavar="Q", nargs="*", help=query)
    for parser in (show, edit, emotion, delete):
        parser.add_argument("id", metavar="ID", type=positive, help="a number, as `intone history list` prints it")
    edit.add_argument("--text", metavar="T", help="the text as it should be; without it, standard input is read")
    export.add_argument("file", metavar="FILE", type=Path, help="where to; its ending says how")
    bring.add_argument("file", metavar="FILE", type=Path, help="what to read; recordings are not brought back")
    emotion.add_argument(
        "label",
        metavar="LABEL",
        choices=[*LABELS, "none"],
        help=f"{', '.join(LABELS)}, or none to take the correction back",
    )
    for parser in (forget, clear):
        parser.add_argument("--yes", action="store_true", help="do not ask")
    for parser, limit in ((listing, 50), (search, 50), (export, None)):
        parser.add_argument(
            "--limit", metavar="N", type=positive, default=limit, help=f"at most so many (default: {limit or 'all'})"
        )
        _filters(parser)


def _filters(parser: argparse.ArgumentParser) -> None:
    when = "2026-01-31, 2026-01-31T14:30, today, yesterday, 30m, 2h, 7d, 4w"
    for name, help in (("--since", f"begun then or later: {when}"), ("--until", "begun before then")):
        parser.add_argument(name, metavar="T", type=lambda text: since(text, datetime.now().astimezone()), help=help)
    parser.add_argument("--app", metavar="NAME", default="", help="into this application")
    parser.add_argument("--emotion", metavar="LABEL", default="", choices=LABELS, help=f"one of {', '.join(LABELS)}")
    parser.add_argument("--language", metavar="CODE", default="", help="in this language")
    endings = [outcome.value for outcome in Outcome]
    parser.add_argument("--delivery", metavar="HOW", choices=endings, help=f"that ended so: {', '.join(endings)}")


def _wanted(args: argparse.Namespace) -> Filter:
    from desktop.history.search import Filter

    return Filter(
        app=args.app,
        emotion=args.emotion,
        language=args.language,
        delivery=Outcome(args.delivery) if args.delivery else None,
        since=args.since,
        until=args.until,
    )


def since(text: str, now: datetime) -> datetime:
    """Parse `--since` and `--until` relative to `now`. Raises `argparse.ArgumentTypeError`."""
    midnight = datetime.combine(now.date(), time())
    match text.lower():
        case "today":
            return midnight.astimezone()
        case "yesterday":
            return (midnight - timedelta(days=1)).astimezone()
        case lower if ago := re.fullmatch(r"(\d{1,5})([mhdw])", lower):
            return now - timedelta(**{UNITS[ago[2]]: int(ago[1])})
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date, time or age such as 2026-01-31, today or 7d") from None
    return moment.astimezone() if moment.tzinfo is None else moment


def _run(action: Callable[[History, argparse.Namespace], None], args: argparse.Namespace) -> int:
    from desktop.history.history import History

    action(History(paths().history), args)
    return 0


def _list(history: History, args: argparse.Namespace) -> None:
    _print(history.rows(args.limit, wanted=_wanted(args)), args)


def _search(history: History, args: argparse.Namespace) -> None:
    query = " ".join(args.query)
    if args.query in ([], [STDIN]):
        query = " ".join(_asked("Search for: ").split())
        if not query:
            raise HistoryProblem("No words were given to look for.", "`intone history list` shows all.")
    _print(history.search(query, args.limit, wanted=_wanted(args)), args)


def _show(history: History, args: argparse.Namespace) -> None:
    row = history.get(args.id)
    if row is None:
        raise _missing(args.id)
    if args.json:
        _print([row], args)
        return
    for key, value in row.json().items():
        print(f"{key}: {visible(value)}")


def _export(history: History, args: argparse.Namespace) -> None:
    count = history.export(args.file, args.limit, wanted=_wanted(args))
    say(args, {"file": str(args.file), "rows": count}, f"Wrote {_dictations(count)} to {args.file}.")


def _import(history: History, args: argparse.Namespace) -> None:
    from desktop.history.import_ import restore

    done = restore(history, args.file)
    for number, why in done.named:
        print(visible(f"Line {number} of {args.file.name} was left out: {why}."), file=sys.stderr)
    answer: dict[str, object] = {"added": done.added, "known": done.known, "bad": done.bad}
    if done.added:
        apply("history")
    left = f" {done.bad} could not be read." if done.bad else ""
    say(args, answer, f"{_dictations(done.added).capitalize()} added, {done.known} were there already.{left}")


def _correct_emotion(history: History, args: argparse.Namespace) -> None:
    label = None if args.label == "none" else args.label
    if history.correct_emotion(args.id, label) is None:
        raise _missing(args.id)
    apply("history")
    told = f"Dictation {args.id} expressed {label}." if label else f"Dictation {args.id} has no correction any more."
    say(args, {"id": args.id, "emotion_user": label}, told)


def _forget_emotions(history: History, args: argparse.Namespace) -> None:
    _ask(args, "Delete every emotion, and what was learnt of voices?")
    count = history.forget_emotions()
    apply("history")
    say(args, {"forgotten": count}, f"The emotions of {_dictations(count)} are deleted.")


def _edit(history: History, args: argparse.Namespace) -> None:
    from desktop.vocabulary.learning import suggestions

    text = args.text if args.text is not None else _given()
    row = history.correct(args.id, text)
    if row is None:
        raise _missing(args.id)
    apply("history")
    learned = suggestions(row.text, text)
    told = [{"heard": heard, "written": written} for heard, written in learned]
    say(args, {"id": args.id, "edited": text, "suggestions": told}, f"Dictation {args.id} is corrected.")
    if learned and not args.json:
        pairs = ", ".join(f"{visible(heard)} -> {visible(written)}" for heard, written in learned)
        print(f"Learn: {pairs}? `intone vocabulary learn {args.id}`")


def _delete(history: History, args: argparse.Namespace) -> None:
    from desktop.history.erasure import delete

    if not delete(paths(), history, args.id):
        raise _missing(args.id)
    apply("history")
    say(args, {"deleted": 1}, f"Dictation {args.id} is deleted.")


def _clear(history: History, args: argparse.Namespace) -> None:
    from desktop.history.erasure import clear

    _ask(args, "Delete all dictations and their recordings?")
    try:
        count = clear(paths(), history)
    except Problem:
        with suppress(Problem):
            apply("history")  # also what was deleted despite the error
        raise
    apply("history")
    say(args, {"deleted": count}, f"{_dictations(count).capitalize()} deleted.")


def _given() -> str:
    """Return the text on standard input."""
    return decoded(sys.stdin.buffer.read()).replace("\r\n", "\n").removesuffix("\n")


def _asked(prompt: str) -> str:
    """Return the line that the user enters, or all of standard input where that is no terminal."""
    if not sys.stdin.isatty():
        return _given()
    print(prompt, end="", file=sys.stderr, flush=True)
    return decoded(sys.stdin.buffer.readline())


def _ask(args: argparse.Namespace, question: str) -> None:
    """Continue if the user confirms, or where standard input is no terminal; otherwise raise `HistoryError`."""
    if not args.yes and sys.stdin.isatty():
        print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            raise HistoryProblem("Nothing was deleted.")


def _print(rows: Sequence[Row], args: argparse.Namespace) -> None:
    for row in rows:
        if args.json:
            print(json.dumps(row.json(), ensure_ascii=False))
        else:
            moment = row.started_at.astimezone()
            words = visible(row.text or row.raw_text)
            print(f"{row.id:>5}  {moment:%Y-%m-%d %H:%M}  {row.delivery:<11}  {visible(row.app):<12}  {words}")


def _dictations(count: int) -> str:
    return "1 dictation" if count == 1 else f"{count} dictations"


def _missing(id: int) -> HistoryProblem:
    return HistoryProblem(f"There is no dictation {id}.", "`intone history list` shows the newest.")
