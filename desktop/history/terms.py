"""Build the text that is indexed of a dictation, as FTS5's tokenizer needs it.

The tokenizer takes a sentence of Chinese for one word. Its trigrams find no words of one or two characters, which most
Chinese words are. So in a run of a script without spaces each character with its successor becomes a token: one
character is then the beginning of a token, two are a token, more are a phrase.

Filter values (application, language, outcome, emotion) are indexed too, as tokens that begin with a private sign: a
filter is one more word to look for, and a rare one costs no walk through a common word's rows.

`terms` is called by the file's own triggers, and what they remove must be what they once added. To change it takes a
migration that rebuilds the index.
"""

from __future__ import annotations

import json
import re
import unicodedata

MARK = "\ue000"
"""First sign of a tag, of the private use area; it is removed from the text."""

_RUN = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]+)"
)
"""Thai, Lao, Burmese, Khmer, kana and the Han ideographs with their repetition mark and zero."""


def pieces(text: str) -> list[str]:
    """Split `text` where scripts with and without spaces meet; those without are at the odd indexes. Compatible forms
    (full-width letters, half-width kana) are normalized."""
    plain = unicodedata.normalize("NFKC", text).replace("\0", " ").replace(MARK, " ")
    return [plain] if plain.isascii() else _RUN.split(plain)


def pairs(run: str) -> list[str]:
    """Return each character with its successor; the last is alone."""
    return [run[at : at + 2] for at in range(len(run))]


def tag(kind: str, value: str) -> str:
    """Return the token for `value` of the `kind` (one letter), regardless of case."""
    return f"{MARK}{kind}{value.casefold().encode('utf-8', 'surrogatepass').hex()}"


def untagged(token: str) -> str:
    """Return the value, case-folded, that `make_tag` made the token of."""
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
    """Return what is indexed of a row, from its columns. The mark stands between them, so that no phrase spans two."""
    words = (_spaced(column) for column in dict.fromkeys((raw_text, text, edited or "", app, window)) if column)
    label = emotion_user or (_label(emotion) if emotion else "")
    tags = (("a", app), ("l", language), ("d", delivery), ("e", label))
    return f" {MARK} ".join((*words, " ".join(tag(kind, value) for kind, value in tags if value)))


def _label(emotion: str) -> str:
    """Return the label, or nothing if it cannot be read: otherwise the row could not even be deleted."""
    try:
        return str(json.loads(emotion)["label"])
    except (ValueError, TypeError, LookupError, RecursionError):
        return ""


def _spaced(text: str) -> str:
    cut = pieces(text)
    return " ".join(" ".join(pairs(piece)) if at % 2 else piece for at, piece in enumerate(cut))
