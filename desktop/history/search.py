"""Search dictations: what is indexed of a row, and the SQL for a query and the filters beside it.

Each word of a query must occur in the text as spoken, pasted or corrected, in the app's name or the window's title. A
word is found by its beginning, so that results come while it is typed, regardless of case and accents; in scripts
without spaces it is found anywhere. What would be FTS5 syntax is quoted, so that no query is an error. A sign such as
`?` is not indexed; for it the rows themselves are searched. The index is walked from the newest row, and no further
than the requested page: a common word costs no more than a rare one.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from desktop.core.text import HAN_AND_KANA
from desktop.core.types import Outcome

TAG_MARK = "\ue000"
"""First sign of a tag, of the private use area; it is removed from the text."""

_UNSPACED_RUN = re.compile(
    f"([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007{HAN_AND_KANA}\U00020000-\U0003ffff]+)"
)
"""Thai, Lao, Burmese, Khmer, kana and the Han ideographs with their repetition mark and zero."""

TEXT_COLUMNS = ("raw_text", "text", "edited", "app", "window")

MAX_QUERY_CHARACTERS = 400
"""Characters of a query that are used: more than is ever typed, and fewer words than SQLite takes in an expression."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFilter:
    """Which rows to return; empty or None matches all.

    `app` and `language` are as the row has them, regardless of case; `emotion` is the effective label (the user's own,
    if there is one); rows began at `since` or later, and before `until`.
    """

    app: str = ""
    emotion: str = ""
    language: str = ""
    delivery: Outcome | None = None
    since: datetime | None = None
    until: datetime | None = None


NO_FILTER = RowFilter()


def newest_statement(query: str, row_filter: RowFilter, before_id: int | None, limit: int) -> tuple[str, list[object]]:
    """Return the statement for the newest `limit` matching rows (below 0: all), and its parameters."""
    source, values = select_clause(query, row_filter, before_id)
    order = "words.rowid" if source.startswith("FROM words") else "dictation.id"
    return f"SELECT dictation.* {source} ORDER BY {order} DESC LIMIT ?", [*values, limit]


def select_clause(query: str, row_filter: RowFilter, before_id: int | None) -> tuple[str, list[object]]:
    """Return `FROM ... WHERE ...` for the matching rows, to be ordered by `dictation.id`, and its parameters."""
    source, where, values = "dictation", ["TRUE"], list[object]()
    words = query[:MAX_QUERY_CHARACTERS].replace("\0", " ").split()
    match = [expression for word in words for expression in _match_expressions(word)]
    match += [f'"{token}"' for token in _filter_tags(row_filter)]
    if match:
        source = "words CROSS JOIN dictation ON dictation.id = words.rowid"
        where.append("words MATCH ?")
        values.append(" ".join(match))
    id = "words.rowid" if match else "dictation.id"
    for word in words:
        if not any(sign.isalnum() for sign in word):
            where.append("(" + " OR ".join(f"dictation.{column} LIKE ? ESCAPE '\\'" for column in TEXT_COLUMNS) + ")")
            values += [f"%{re.sub(r'([%_\\])', r'\\\1', word)}%"] * len(TEXT_COLUMNS)
    if before_id is not None:
        where.append(f"{id} < ?")
        values.append(before_id)
    for moment, order, edge in ((row_filter.since, ">=", "min"), (row_filter.until, "<", "max")):
        if moment is not None:  # ids grow and bound the walk; the time decides, as clocks may be set back
            bound = f"SELECT {edge}(id) FROM dictation WHERE started_s {order} ?"
            where += [f"{id} {order[0]}= ({bound})", f"dictation.started_s {order} ?"]
            values += [moment.timestamp()] * 2
    return f"FROM {source} WHERE {' AND '.join(where)}", values


def _match_expressions(word: str) -> Iterator[str]:
    for index, piece in enumerate(split_scripts(word)):
        if index % 2 and len(piece) > 1:
            yield f'"{" ".join(character_pairs(piece)[:-1])}"'
        elif any(sign.isalnum() for sign in piece):
            yield '"' + piece.replace('"', '""') + '"*'


def _filter_tags(row_filter: RowFilter) -> Iterator[str]:
    delivery = row_filter.delivery.value if row_filter.delivery else ""
    for kind, value in (("a", row_filter.app), ("l", row_filter.language), ("d", delivery), ("e", row_filter.emotion)):
        if value:
            yield make_tag(kind, value)


def index_terms(
    raw_text: str,
    text: str,
    edited: str | None,
    app: str,
    window: str,
    language: str,
    delivery: str,
    emotion: str | None,
    emotion_user: str | None,
) -> str:
    """Return what is indexed of a row, from its columns, as FTS5's tokenizer needs it. The mark stands between them, so
    that no phrase spans two.

    Filter values (application, language, outcome, emotion) are indexed too, as tokens that begin with a private sign: a
    filter is one more word to look for, and a rare one costs no walk through a common word's rows.

    This is the SQL function `terms`, which the file's own triggers call, and what they remove must be what they once
    added. To change it takes a migration that rebuilds the index.
    """
    words = (_space_out(column) for column in dict.fromkeys((raw_text, text, edited or "", app, window)) if column)
    label = emotion_user or (_emotion_label(emotion) if emotion else "")
    tags = (("a", app), ("l", language), ("d", delivery), ("e", label))
    return f" {TAG_MARK} ".join((*words, " ".join(make_tag(kind, value) for kind, value in tags if value)))


def _emotion_label(emotion: str) -> str:
    """Return the label, or nothing if it cannot be read: otherwise the row could not even be deleted."""
    try:
        return str(json.loads(emotion)["label"])
    except (ValueError, TypeError, LookupError, RecursionError):
        return ""


def _space_out(text: str) -> str:
    runs = split_scripts(text)
    return " ".join(" ".join(character_pairs(piece)) if index % 2 else piece for index, piece in enumerate(runs))


def split_scripts(text: str) -> list[str]:
    """Split `text` where scripts with and without spaces meet; those without are at the odd indexes. Compatible forms
    (full-width letters, half-width kana) are normalized."""
    plain = unicodedata.normalize("NFKC", text).replace("\0", " ").replace(TAG_MARK, " ")
    return [plain] if plain.isascii() else _UNSPACED_RUN.split(plain)


def character_pairs(run: str) -> list[str]:
    """Return each character of a script without spaces with its successor; the last is alone.

    The tokenizer takes a sentence of Chinese for one word, and its trigrams find no words of one or two characters,
    which most Chinese words are. With pairs as tokens, one character is the beginning of a token, two are a token, more
    are a phrase.
    """
    return [run[start : start + 2] for start in range(len(run))]


def make_tag(kind: str, value: str) -> str:
    """Return the token for `value` of the `kind` (one letter), regardless of case."""
    return f"{TAG_MARK}{kind}{value.casefold().encode('utf-8', 'surrogatepass').hex()}"
