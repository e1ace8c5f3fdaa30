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

TAG_MARK = "\ue000"
"""First sign of a tag, of the private use area; it is removed from the text."""

_UNSPACED_RUN = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]+)"
)
"""Thai, Lao, Burmese, Khmer, kana and the Han ideographs with their repetition mark and zero."""


def split_scripts(text: str) -> list[str]:
    """Split `text` where scripts with and without spaces meet; those without are at the odd indexes. Compatible forms
    (full-width letters, half-width kana) are normalized."""
    plain = unicodedata.normalize("NFKC", text).replace("\0", " ").replace(TAG_MARK, " ")
    return [plain] if plain.isascii() else _UNSPACED_RUN.split(plain)


def character_pairs(run: str) -> list[str]:
    """Return each character with its successor; the last is alone."""
    return [run[at : at + 2] for at in range(len(run))]


def make_tag(kind: str, value: str) -> str:
    """Return the token for `value` of the `kind` (one letter), regardless of case."""
    return f"{TAG_MARK}{kind}{value.casefold().encode('utf-8', 'surrogatepass').hex()}"


def parse_tag(token: str) -> str:
    """Return the value, case-folded, that `make_tag` made the token of."""
    return bytes.fromhex(token[2:]).decode("utf-8", "surrogatepass")


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
    """Return what is indexed of a row, from its columns. The mark stands between them, so that no phrase spans two."""
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
    return " ".join(" ".join(character_pairs(piece)) if at % 2 else piece for at, piece in enumerate(runs))
