"""A command is one only if nothing else was said: a digit, a sign or a symbol is a word as any other."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.core.files import read_package_toml
from desktop.dictation.insertion import is_scratch_phrase, normalize_phrase
from desktop.dictation.spoken_commands import find_spoken_command

TABLES = [read_package_toml("desktop.dictation", name) for name in ("scratch.toml", "spoken_commands.toml")]
PHRASES = sorted(
    {
        phrase
        for table in TABLES
        for name, languages in table.items()
        if name != "fillers"
        for phrases in languages.values()
        for phrase in phrases
    }
)
FILLERS = {filler for fillers in TABLES[0]["fillers"].values() for filler in fillers}
PARTS = {word for phrase in PHRASES for word in (*phrase.split(), *phrase)} | FILLERS

SIGNS = ["3", "24/7", "50%", "$5,000", "#1", "&", "@", "+", "=", "*", "/", "\\", "_", "|", "^", "~", "<", ">", "°", "§"]
SIGNS += ["€"]
SIGNS += ["£", "¥", "²", "½", "x̂", "👍", "♪", "→", "✓", "٣", "३", "３", "％", "(a)", "[1]", "{", "}", "`", "©", "№"]
tokens = st.one_of(
    st.sampled_from(SIGNS),
    st.integers().map(str),
    st.text(st.characters(categories=["L", "M", "N", "S"]), min_size=1, max_size=8).filter(
        lambda text: bool(normalize_phrase(text)) and not (PARTS & {text.lower(), *text.lower()})
    ),
    st.sampled_from(["file", "Ann", "Datei", "文件", "消えろ", "всё", "الملف", "अभी"]),
)


def is_command(text: str) -> bool:
    return is_scratch_phrase(text) or find_spoken_command(text) is not None


@pytest.mark.parametrize("phrase", PHRASES)
def test_phrase_alone_is_a_command(phrase: str) -> None:
    assert is_command(f" {phrase.capitalize()}. ")


@settings(max_examples=1000)
@given(st.sampled_from(PHRASES), tokens, st.data())
def test_phrase_with_a_further_token_is_text(phrase: str, token: str, data: st.DataObject) -> None:
    words = phrase.split()
    place = data.draw(st.integers(0, len(words)))
    space, mark = data.draw(st.sampled_from(["", " "])), data.draw(st.sampled_from(["", ".", "!", "。", "?"]))
    said = " ".join(words[:place]) + space + token + space + " ".join(words[place:]) + mark
    assert not is_command(said)
    assert not is_command(said.title())


@pytest.mark.parametrize(
    "said",
    [
        "Delete that 24/7.",
        "Undo that 3",
        "Strike that, 50%",
        "Delete that $5,000",
        "删掉3",
        "Send that 24/7",
        "Send it 2",
        "Send message 2.",
        "Send this #1",
        "发送2",
        "Stop listening 100%.",
    ],
)
def test_digits_and_signs_are_words(said: str) -> None:
    assert not is_command(said)
