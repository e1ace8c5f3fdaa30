"""What of a dictation is put into the full-text index, and how: the text that FTS5's own tokenizer is given.

Its tokenizer takes a sentence of Chinese for one word. Its trigrams find none of one or two characters, which most
Chinese words are. So a run of a script without spaces becomes a token for each of its characters, the character with
its successor: one character is then the beginning of a token, two are a token, more are a phrase.

What rows are filtered by (application, language, ending, emotion) is in the index too, as tokens that begin with a sign
which nobody speaks: a filter is one more word to look for, and a rare one costs no walk through a common word's rows.

`terms` is called by the file's own triggers, and what they take out must be what they once put in. To change it takes a
migration that rebuilds the index.
"""

from __future__ import annotations

import json
import re
import unicodedata

MARK = "\ue000"
"""What a tag begins with, of the private use area; it is taken out of the words."""

_RUN = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]+)"
)
"""Thai, Lao, Burmese, Khmer, kana and the Han ideographs with their repetition mark and zero."""


def pieces(text: str) -> list[str]:
    """`text` cut where scripts with and without spaces meet; those without are at the odd places. Compatible forms
    (full-width letters, half-width kana) are one."""
    plain = unicodedata.normalize("NFKC", text).replace("\0", " ").replace(MARK, " ")
    return [plain] if plain.isascii() else _RUN.split(plain)


def pairs(run: str) -> list[str]:
    """Each character with its successor; the last is alone."""
    return [run[at : at + 2] for at in range(len(run))]


def tag(kind: str, value: str) -> str:
    """The token that stands for `value` among the `kind` (one letter). Case does not count."""
    return f"{MARK}{kind}{value.casefold().encode('utf-8', 'surrogatepass').hex()}"


def untagged(token: str) -> str:
    """The value, without its case, that `tag` made the token of."""
    return bytes.fromhex(token[2:]).decode("utf-8", "surrogatepass")


def terms(
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
    """What is indexed of a row, from its columns. The mark stands between them, so that no phrase reaches across."""
    words = (_spaced(column) for column in dict.fromkeys((raw_text, text, edited or "", app, window)) if column)
    label = emotion_user or (_label(emotion) if emotion else "")
    tags = (("a", app), ("l", language), ("d", delivery), ("e", label))
    return f" {MARK} ".join((*words, " ".join(tag(kind, value) for kind, value in tags if value)))


def _label(emotion: str) -> str:
    """What is found, or nothing where that cannot be read: or the row could not even be deleted."""
    try:
        return str(json.loads(emotion)["label"])
    except (ValueError, TypeError, LookupError, RecursionError):
        return ""


def _spaced(text: str) -> str:
    cut = pieces(text)
    return " ".join(" ".join(pairs(piece)) if at % 2 else piece for at, piece in enumerate(cut))
