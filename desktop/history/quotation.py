"""Find the dictation that a text was copied from, as it is or edited since.

First the index is asked for the words in their order, then for the rarest words and pairs of words, each from its
newest rows and no further than `MAX_ROWS_PER_TERM`, so that a common word costs no more in a larger history. The best
of the rows found so are compared with the text word by word. A row counts as the source only if it has most of the
text, or the text has most of the row; nothing is better than a wrong row.
"""

from __future__ import annotations

import itertools
import math
import re
import sqlite3
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from desktop.core.text import UNSPACED
from desktop.core.word_alignment import place_words, split_words
from desktop.history import rows as history_rows
from desktop.history.rows import HistoryRow
from desktop.history.search import character_pairs, split_scripts

MAX_WORDS = 160
"""Words of a text that are compared; a longer selection is known by its beginning."""

MAX_PHRASE_TERMS = 48
"""Terms of the index that an exact match is looked for with."""

RARE_TERMS, PAIR_TERMS = 10, 24
"""Single terms and pairs of terms that are looked up, of those of a text the rarest."""

MAX_ROWS_PER_TERM = 200
"""Newest rows of a term that are candidates."""

MAX_CANDIDATES, MAX_COMPARED = 60, 12
"""Rows that are read, and those of them that are compared word by word."""

MIN_SHARE = 0.5
"""Share of the text's words, weighed by their rarity, that its row has at least."""

MIN_ROW_SHARE, MIN_ROW_WORDS = 0.7, 4
"""Share of a row's words that a text has at least where the text holds more than this row, and the words of such a
row."""

MIN_PHRASE_WORDS, MIN_PHRASE_CHARACTERS = 3, 6
"""Words, or characters without spaces between them, of what is searched for from which the row that is most like it is
of use: a sentence, no word."""

LONE_WEIGHT = 0.4
"""Weight of a matching word without a match beside it, which a text shares with many rows by chance."""

MAX_MARKED_WORDS = 1_000
"""Words of a text that are looked for in a row to be marked, unless it stands there as it is: comparing all of a long
selection with a long row took seconds, while the window waited."""

LIKE_WORDS = 0.7
"""Similarity of letters from which a word is another one, spelled otherwise, and counts by it."""

_WORD = re.compile(rf"[{UNSPACED}]|[^\W_{UNSPACED}]+")
_PIECE = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Quotation:
    """The row that a text is from, and whether the text stands in it as it is."""

    row: HistoryRow
    is_exact: bool


@dataclass(frozen=True, slots=True)
class _Query:
    """The words of a text, and its terms in the index in their order."""

    words: tuple[str, ...]
    terms: tuple[str, ...]


def find_quotation(connection: sqlite3.Connection, text: str) -> Quotation | None:
    """Return the newest row with `text`, else the row that is most like it; None if none is like it."""
    words = tuple(word for word, _ in find_words(text))
    query = _Query(words[:MAX_WORDS], tuple(find_terms(text)[: 2 * MAX_WORDS]))
    if not query.words or not query.terms:
        return None
    return _find_exact(connection, text, query, words) or _find_similar(connection, query)


def is_phrase(query: str) -> bool:
    """Return whether a search that finds nothing is to show the row that is most like its `query`."""
    return len(query.split()) >= MIN_PHRASE_WORDS or len(query) >= MIN_PHRASE_CHARACTERS


def find_words(text: str) -> list[tuple[str, tuple[int, int]]]:
    """Return the words of `text` without case, accents and width, and the characters where they begin and end.

    A character of a script without spaces is a word; marks are none.
    """
    found = []
    for match in _WORD.finditer(text):
        word = _fold(match.group())
        if any(sign.isalnum() for sign in word):
            found.append((word, match.span()))
    return found


def find_terms(text: str) -> list[str]:
    """Return the terms of `text` in their order as the index has them, without the last character of a script without
    spaces, which has a successor in a row that goes on."""
    terms: list[str] = []
    for index, piece in enumerate(split_scripts(text)):
        terms += character_pairs(piece) if index % 2 else _PIECE.findall(_fold(piece))
    is_open = len(terms) > 1 and len(terms[-1]) == 1 and not terms[-1].isascii()
    return terms[:-1] if is_open else terms


def find_marks(quotation: str, text: str) -> list[tuple[int, int]]:
    """Return the characters of `text` that `quotation` has too, in runs of words, for marking them."""
    quoted, found = _plain_words(quotation), find_words(text)
    marks: list[tuple[int, int]] = []
    words = [word for word, _ in found]
    whole = _find_whole(quoted, words)
    blocks = [whole] if whole is not None else _match(quoted[:MAX_MARKED_WORDS], words)
    for block in blocks:
        if block.size > 1 or len(blocks) == 1 or _is_beside(block, blocks):
            begin, end = found[block.b][1][0], found[block.b + block.size - 1][1][1]
            if marks and not any(sign.isalnum() for sign in text[marks[-1][1] : begin]):
                begin = marks.pop()[0]
            marks.append((begin, end))
    return marks


def find_first_word(quotation: str, row: HistoryRow) -> int | None:
    """Return which of the words of the raw text (`split_words`) is the first that `quotation` has of `row`.

    The words are looked for where they are shown, and from there in what was heard.
    """
    shown = row.latest_text
    marks, (words, spans), others = find_marks(quotation, shown), split_words(shown), split_words(row.raw_text)[0]
    if not marks or not others:
        return None
    first = next((at for at, (_, end) in enumerate(spans) if end > marks[0][0]), 0)
    return place_words(words, others)[first]


def _find_whole(words: Sequence[str], others: Sequence[str]) -> _Block | None:
    """Return where all of `words` stand in `others` in their order; None if they do not."""
    wanted, whole = f" {' '.join(words)} ", f" {' '.join(others)} "
    at = whole.find(wanted) if words else -1
    return None if at < 0 else _Block(0, whole.count(" ", 0, at), len(words))


def _is_beside(block: _Block, blocks: Sequence[_Block]) -> bool:
    """Whether one changed word at most is between this block and another."""
    return any(
        0 <= later.b - earlier.b - earlier.size <= 1 and 0 <= later.a - earlier.a - earlier.size <= 1
        for other in blocks
        if other is not block
        for earlier, later in ((block, other) if block.b < other.b else (other, block),)
    )


def _fold(word: str) -> str:
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", word).casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def _find_exact(connection: sqlite3.Connection, text: str, query: _Query, words: Sequence[str]) -> Quotation | None:
    phrase = " ".join(query.terms[:MAX_PHRASE_TERMS])
    for row in _read_rows(connection, _find_ids(connection, f'"{phrase}"', MAX_CANDIDATES)):
        if any(_find_whole(words, _plain_words(known)) is not None for known in _list_texts(row)):
            return Quotation(row, is_exact=True)
    return None


def _find_similar(connection: sqlite3.Connection, query: _Query) -> Quotation | None:
    total = max(2, connection.execute("SELECT max(id) FROM dictation").fetchone()[0] or 0)
    counts = _count_rows(connection, set(query.terms))
    rarity = {term: math.log(1 + total / (1 + count)) for term, count in counts.items()}
    scores: defaultdict[int, float] = defaultdict(float)
    for match, weight in _choose_lookups(query.terms, counts, rarity):
        ids = _find_ids(connection, match, MAX_ROWS_PER_TERM)
        for id in ids:
            scores[id] += weight * math.log(1 + total / (1 + len(ids)))
    best = sorted(scores, key=lambda id: (scores[id], id), reverse=True)[:MAX_CANDIDATES]
    rows = {row.id: row for row in _read_rows(connection, best)}
    weights = _weigh_words(query.words, counts, total)
    overlaps = {id: max(_count_shared(weights, text) for text in _list_texts(row)) for id, row in rows.items()}
    compared = sorted(rows, key=lambda id: (overlaps[id], id), reverse=True)[:MAX_COMPARED]
    judged = [(_compare_row(query.words, weights, rows[id]), id) for id in compared]
    score, id = max(judged, default=(0.0, 0))
    return Quotation(rows[id], is_exact=False) if score > 0 else None


def _choose_lookups(
    terms: Sequence[str], counts: Mapping[str, int], rarity: Mapping[str, float]
) -> Iterator[tuple[str, float]]:
    """Yield the index's expressions for the rarest terms that exist, and for the rarest pairs of neighbours."""
    known = [term for term in dict.fromkeys(terms) if counts[term]]
    for term in sorted(known, key=counts.__getitem__)[:RARE_TERMS]:
        yield f'"{term}"', 1.0
    pairs = [(first, second) for first, second in itertools.pairwise(terms) if counts[first] and counts[second]]
    rarest = sorted(dict.fromkeys(pairs), key=lambda pair: rarity[pair[0]] + rarity[pair[1]], reverse=True)
    for first, second in rarest[:PAIR_TERMS]:
        yield f'"{first} {second}"', 1.0


def _count_rows(connection: sqlite3.Connection, terms: set[str]) -> dict[str, int]:
    """Return how many rows have each term, from the index's own vocabulary."""
    connection.execute("CREATE VIRTUAL TABLE temp.known_terms USING fts5vocab('main', 'words', 'row')")
    counts = dict.fromkeys(terms, 0)
    for term in terms:
        found = connection.execute("SELECT doc FROM temp.known_terms WHERE term = ?", (term,)).fetchone()
        counts[term] = found[0] if found else 0
    connection.execute("DROP TABLE temp.known_terms")
    return counts


def _weigh_words(words: Sequence[str], counts: Mapping[str, int], total: int) -> dict[str, float]:
    """Return the weight of each word: its rarity, where the index has the word; of a single character one like most."""
    middle = math.log(1 + total / 50)
    weights = {}
    for word in words:
        count = counts.get(word)
        weights[word] = middle if count is None else math.log(2 + total / (1 + max(count, 1)))
    return weights


def _count_shared(weights: Mapping[str, float], text: str) -> float:
    return sum(weights.get(word, 0.0) for word in set(_plain_words(text)))


def _compare_row(words: Sequence[str], weights: Mapping[str, float], row: HistoryRow) -> float:
    return max(_compare(words, weights, _plain_words(text)[: 4 * MAX_WORDS]) for text in _list_texts(row))


def _compare(words: Sequence[str], weights: Mapping[str, float], others: Sequence[str]) -> float:
    """Return how much of the quotation a text has, 0 if it is too little for its source."""
    shared = found = 0.0
    blocks = _match(words, others)
    for block in blocks:
        weight = sum(weights[word] for word in words[block.a : block.a + block.size])
        is_lone = block.size == 1 and not _is_beside(block, blocks)
        shared += weight * (LONE_WEIGHT if is_lone else 1.0)
        found += block.size * (LONE_WEIGHT if is_lone else 1.0)
    for (left, right), (other_left, other_right) in _find_gaps(blocks, len(words), len(others)):
        if right - left == other_right - other_left:
            for word, other in zip(words[left:right], others[other_left:other_right], strict=True):
                likeness = SequenceMatcher(None, word, other).ratio() if len(word) > 3 else 0.0
                shared += weights[word] * likeness * (likeness >= LIKE_WORDS)
                found += likeness * (likeness >= LIKE_WORDS)
    share = shared / sum(weights[word] for word in words)
    is_within = len(others) >= MIN_ROW_WORDS and found / len(others) >= MIN_ROW_SHARE
    if len(words) < 3 and share < 0.9:
        return 0.0
    return share + 0.01 * found / max(1, len(others)) if share >= MIN_SHARE or is_within else 0.0


@dataclass(frozen=True, slots=True)
class _Block:
    """`size` equal words from `a` on in one text and from `b` on in another."""

    a: int
    b: int
    size: int


def _match(words: Sequence[str], others: Sequence[str]) -> list[_Block]:
    found = SequenceMatcher(None, words, others, autojunk=False).get_matching_blocks()
    return [_Block(block.a, block.b, block.size) for block in found if block.size]


def _find_gaps(
    blocks: Sequence[_Block], count: int, other_count: int
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield what is between the blocks in both texts."""
    a = b = 0
    for block in (*blocks, _Block(count, other_count, 0)):
        if block.a > a and block.b > b:
            yield (a, block.a), (b, block.b)
        a, b = block.a + block.size, block.b + block.size


def _plain_words(text: str) -> list[str]:
    return [word for word, _ in find_words(text)]


def _list_texts(row: HistoryRow) -> list[str]:
    return list(dict.fromkeys(text for text in (row.edited, row.text, row.raw_text) if text)) or [""]


def _find_ids(connection: sqlite3.Connection, match: str, limit: int) -> list[int]:
    sql = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT ?"
    return [id for (id,) in connection.execute(sql, (match, limit))]


def _read_rows(connection: sqlite3.Connection, ids: Sequence[int]) -> list[HistoryRow]:
    """Return the rows with these ids, newest first."""
    sql = f"SELECT * FROM dictation WHERE id IN ({', '.join('?' * len(ids))}) ORDER BY id DESC"
    return [history_rows.parse_readable_row(record) for record in connection.execute(sql, tuple(ids))]
