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

from desktop.cli import history_statistics
from desktop.cli.common import decode_input, is_terminal, parse_positive, print_answer, read_text_input
from desktop.cli.settings import notify_app
from desktop.core.errors import HistoryError, UserError
from desktop.core.paths import find_paths
from desktop.core.text import make_printable
from desktop.core.types import EMOTION_LABELS, Outcome

if TYPE_CHECKING:
    from desktop.history.rows import HistoryRow
    from desktop.history.search import RowFilter
    from desktop.history.store import HistoryStore

STDIN = "-"
"""Stands for standard input."""

ARGUMENTS_NOTE = (
    "While a command runs, every user of this machine can see its arguments, but not what comes by standard input."
)

AGE_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its actions."""
    command = subparsers.add_parser(
        "history",
        help="read, search, export and delete dictations",
        description="Read, search, export and delete what was dictated. Newest first.",
        epilog="Example: echo invoice | intone history search --since 7d",
    )
    actions = command.add_subparsers(metavar="ACTION", required=True)
    history_statistics.register_stats(actions, parse_moment)

    def add(
        name: str, action: Callable[[HistoryStore, argparse.Namespace], None], summary: str, example: str
    ) -> argparse.ArgumentParser:
        parser = actions.add_parser(
            name, help=summary, description=f"{summary.capitalize()}.", epilog=f"Example: intone history {example}"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object a line")
        parser.set_defaults(run=partial(_run, action))
        return parser

    listing = add("list", _run_list, "list the newest dictations", "list --limit 10 --since today")
    search = add("search", _run_search, "find dictations by the beginnings of words", "search")
    show = add("show", _run_show, "print all that is known of a dictation", "show 12")
    export = add(
        "export", _run_export, "write dictations to a .jsonl, .csv, .md, .txt or .srt file", "export words.csv"
    )
    import_ = add(
        "import", _run_import, "add the dictations of a .jsonl or .csv file that export wrote", "import words.csv"
    )
    edit = add("edit", _run_edit, "correct a dictation's text, and say what could be learned", "edit 12")
    emotion = add("correct-emotion", _run_correct_emotion, "say what a dictation expressed", "correct-emotion 12 joy")
    delete = add("delete", _run_delete, "delete a dictation and its recording", "delete 12")
    forget = add(
        "forget-emotions",
        _run_forget_emotions,
        "delete all emotions, and what is known of voices",
        "forget-emotions --yes",
    )
    clear = add("clear", _run_clear, "delete all dictations and their recordings", "clear --yes")
    for parser, example in ((search, "blue whale | intone history search"), (edit, "'Hi Jo' | intone history edit 12")):
        parser.description, parser.epilog = f"{parser.description} {ARGUMENTS_NOTE}", f"Example: echo {example}"
    query = "words, or how they begin; without them, or with -, standard input is read"
    search.add_argument("query", metavar="Q", nargs="*", help=query)
    for parser in (show, edit, emotion, delete):
        parser.add_argument(
            "id", metavar="ID", type=parse_positive, help="a number, as `intone history list` prints it"
        )
    edit.add_argument("--text", metavar="T", help="the text as it should be; without it, standard input is read")
    export.add_argument("file", metavar="FILE", type=Path, help="where to; its ending says how")
    import_.add_argument("file", metavar="FILE", type=Path, help="what to read; recordings are not brought back")
    emotion.add_argument(
        "label",
        metavar="LABEL",
        choices=[*EMOTION_LABELS, "none"],
        help=f"{', '.join(EMOTION_LABELS)}, or none to take the correction back",
    )
    for parser in (forget, clear):
        parser.add_argument("--yes", action="store_true", help="do not ask")
    for parser, limit in ((listing, 50), (search, 50), (export, None)):
        parser.add_argument(
            "--limit",
            metavar="N",
            type=parse_positive,
            default=limit,
            help=f"at most so many (default: {limit or 'all'})",
        )
        _add_filters(parser)


def _add_filters(parser: argparse.ArgumentParser) -> None:
    when = "2026-01-31, 2026-01-31T14:30, today, yesterday, 30m, 2h, 7d, 4w"
    for name, help in (("--since", f"begun then or later: {when}"), ("--until", "begun before then")):
        parser.add_argument(
            name, metavar="T", type=lambda text: parse_moment(text, datetime.now().astimezone()), help=help
        )
    parser.add_argument("--app", metavar="NAME", default="", help="into this application")
    parser.add_argument(
        "--emotion", metavar="LABEL", default="", choices=EMOTION_LABELS, help=f"one of {', '.join(EMOTION_LABELS)}"
    )
    parser.add_argument("--language", metavar="CODE", default="", help="in this language")
    endings = [outcome.value for outcome in Outcome]
    parser.add_argument("--delivery", metavar="HOW", choices=endings, help=f"that ended so: {', '.join(endings)}")


def _build_filter(args: argparse.Namespace) -> RowFilter:
    from desktop.history.search import RowFilter

    return RowFilter(
        app=args.app,
        emotion=args.emotion,
        language=args.language,
        delivery=Outcome(args.delivery) if args.delivery else None,
        since=args.since,
        until=args.until,
    )


def parse_moment(text: str, now: datetime) -> datetime:
    """Parse `--since` and `--until` relative to `now`. Raises `argparse.ArgumentTypeError`."""
    midnight = datetime.combine(now.date(), time())
    match text.lower():
        case "today":
            return midnight.astimezone()
        case "yesterday":
            return (midnight - timedelta(days=1)).astimezone()
        case lower if ago := re.fullmatch(r"(\d{1,5})([mhdw])", lower):
            return now - timedelta(**{AGE_UNITS[ago[2]]: int(ago[1])})
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone() if moment.tzinfo is None else moment
    except (ValueError, OverflowError, OSError):  # the last on Windows, before 1970
        raise argparse.ArgumentTypeError(f"{text!r} is no date, time or age such as 2026-01-31, today or 7d") from None


def _run(action: Callable[[HistoryStore, argparse.Namespace], None], args: argparse.Namespace) -> int:
    from desktop.history.store import HistoryStore

    action(HistoryStore(find_paths().history), args)
    return 0


def _run_list(history: HistoryStore, args: argparse.Namespace) -> None:
    _print_rows(history.rows(args.limit, row_filter=_build_filter(args)), args)


def _run_search(history: HistoryStore, args: argparse.Namespace) -> None:
    from desktop.history.quotation import is_phrase
    from desktop.history.search import NO_FILTER

    query = " ".join(args.query)
    if args.query in ([], [STDIN]):
        query = " ".join(_prompt("Search for: ").split())
        if not query:
            raise HistoryError("search-without-words")
    row_filter = _build_filter(args)
    rows = history.search(query, args.limit, row_filter=row_filter)
    if not (rows or args.json) and row_filter == NO_FILTER and is_phrase(query):
        nearest = history.find_quotation(query)
        if nearest is not None:
            print("Nothing has exactly these words; this is the nearest.", file=sys.stderr)
            rows = [nearest.row]
    _print_rows(rows, args)


def _run_show(history: HistoryStore, args: argparse.Namespace) -> None:
    row = history.get(args.id)
    if row is None:
        raise _create_not_found_error(args.id)
    if args.json:
        _print_rows([row], args)
        return
    for key, value in row.to_json().items():
        print(f"{key}: {make_printable(value)}")


def _run_export(history: HistoryStore, args: argparse.Namespace) -> None:
    count = history.export(args.file, args.limit, row_filter=_build_filter(args))
    print_answer(args, {"file": str(args.file), "rows": count}, f"Wrote {_count_dictations(count)} to {args.file}.")


def _run_import(history: HistoryStore, args: argparse.Namespace) -> None:
    from desktop.history.import_ import import_history

    result = import_history(history, args.file)
    for number, reason in result.reported_lines:
        print(make_printable(f"Line {number} of {args.file.name} was left out: {reason}."), file=sys.stderr)
    answer: dict[str, object] = {"added": result.added, "known": result.duplicates, "bad": result.unreadable}
    if result.added:
        notify_app("history")
    unreadable = f" {result.unreadable} could not be read." if result.unreadable else ""
    print_answer(
        args,
        answer,
        f"{_count_dictations(result.added).capitalize()} added, {result.duplicates} were there already.{unreadable}",
    )


def _run_correct_emotion(history: HistoryStore, args: argparse.Namespace) -> None:
    label = None if args.label == "none" else args.label
    if history.correct_emotion(args.id, label) is None:
        raise _create_not_found_error(args.id)
    notify_app("history")
    sentence = (
        f"Dictation {args.id} expressed {label}." if label else f"Dictation {args.id} has no correction any more."
    )
    print_answer(args, {"id": args.id, "emotion_user": label}, sentence)


def _run_forget_emotions(history: HistoryStore, args: argparse.Namespace) -> None:
    _confirm(args, "Delete every emotion, and what was learnt of voices?")
    count = history.delete_emotions()
    notify_app("history")
    print_answer(args, {"forgotten": count}, f"The emotions of {_count_dictations(count)} are deleted.")


def _run_edit(history: HistoryStore, args: argparse.Namespace) -> None:
    from desktop.vocabulary.edits import list_own_words
    from desktop.vocabulary.row_learning import find_row_suggestions

    text = args.text if args.text is not None else read_text_input()
    row = history.correct_text(args.id, text)
    if row is None:
        raise _create_not_found_error(args.id)
    notify_app("history")
    learned = find_row_suggestions(row.text, text, row.changed, row.raw_text, list_own_words(find_paths()))
    suggested = [{"heard": heard, "written": written} for heard, written in learned]
    print_answer(args, {"id": args.id, "edited": text, "suggestions": suggested}, f"Dictation {args.id} is corrected.")
    if learned and not args.json:
        pairs = ", ".join(
            f"{make_printable(heard)} -> {make_printable(written)}" for heard, written in learned if heard != written
        )
        kept = ", ".join(make_printable(suggestion.heard) for suggestion in learned if suggestion.is_kept)
        if pairs:
            print(f"Learn: {pairs}? `intone vocabulary learn {args.id}`")
        if kept:
            print(f"Leave {kept} as it is? `intone vocabulary learn {args.id}`")


def _run_delete(history: HistoryStore, args: argparse.Namespace) -> None:
    from desktop.history.user_deletion import delete_dictation

    if not delete_dictation(find_paths(), history, args.id):
        raise _create_not_found_error(args.id)
    notify_app("history")
    print_answer(args, {"deleted": 1}, f"Dictation {args.id} is deleted.")


def _run_clear(history: HistoryStore, args: argparse.Namespace) -> None:
    from desktop.history.user_deletion import clear_history

    _confirm(args, "Delete all dictations and their recordings?")
    try:
        count = clear_history(find_paths(), history)
    except UserError:
        with suppress(UserError):
            notify_app("history")  # also what was deleted despite the error
        raise
    notify_app("history")
    print_answer(args, {"deleted": count}, f"{_count_dictations(count).capitalize()} deleted.")


def _prompt(prompt: str) -> str:
    """Return the line that the user enters, or all of standard input where that is no terminal."""
    if not is_terminal(sys.stdin):
        return read_text_input()
    print(prompt, end="", file=sys.stderr, flush=True)
    return decode_input(sys.stdin.buffer.readline())


def _confirm(args: argparse.Namespace, question: str) -> None:
    """Continue if the user confirms, or where standard input is no terminal; otherwise raise `HistoryError`."""
    if not args.yes and is_terminal(sys.stdin):
        print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            raise HistoryError("deletion-declined")


def _print_rows(rows: Sequence[HistoryRow], args: argparse.Namespace) -> None:
    from desktop.history.rows import local_time

    for row in rows:
        if args.json:
            print(json.dumps(row.to_json(), ensure_ascii=False))
        else:
            moment = local_time(row.started_at)
            words = make_printable(row.text or row.raw_text)
            print(f"{row.id:>5}  {moment:%Y-%m-%d %H:%M}  {row.delivery:<11}  {make_printable(row.app):<12}  {words}")


def _count_dictations(count: int) -> str:
    return "1 dictation" if count == 1 else f"{count} dictations"


def _create_not_found_error(id: int) -> HistoryError:
    return HistoryError("dictation-unknown", id=id)
