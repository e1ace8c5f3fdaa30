"""What a person types into the search field, as SQL.

Each word must be there, in the text as spoken or as pasted, in the app's name or the window's title. A word is found by
its beginning, so that results come while it is typed, and without regard to case and accents; whatever would be FTS5's
own syntax is quoted, so that no query is an error. Scripts that write without spaces are one word a sentence to its
tokenizer: there, and for a sign such as `?`, which it does not index at all, the rows themselves are looked through.
"""

from __future__ import annotations

import re

COLUMNS = ("raw_text", "text", "app", "window")

LONGEST = 400
"""Signs of a query that are looked at: more than anyone types, and fewer words than SQLite takes in an expression."""

_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
"""Thai, Lao, Burmese, Khmer, kana and the Han ideographs."""


def condition(query: str) -> tuple[str, tuple[str, ...]]:
    """A SQL condition on `dictation` for the rows that `query` means, and its parameters. Blank means every row."""
    indexed: list[str] = []
    conditions: list[str] = []
    parameters: list[str] = []
    for word in query[:LONGEST].replace("\0", " ").split():
        if _UNSPACED.search(word) or not any(sign.isalnum() for sign in word):
            conditions.append("(" + " OR ".join(f"{column} LIKE ? ESCAPE '\\'" for column in COLUMNS) + ")")
            parameters += [f"%{re.sub(r'([%_\\])', r'\\\1', word)}%"] * len(COLUMNS)
        else:
            indexed.append('"' + word.replace('"', '""') + '"*')
    if indexed:
        conditions.append("id IN (SELECT rowid FROM words WHERE words MATCH ?)")
        parameters.append(" ".join(indexed))
    return " AND ".join(conditions) or "TRUE", tuple(parameters)
