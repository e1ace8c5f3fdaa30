"""Sentences are read out of books, dialogue and pages, whole and each once; code, tables and headings are left out."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from models.polish.training.corpora import Source, is_prose, load_sources, paragraphs, sentences, split_sentences

PAGE = """<html><head><title>The title of it is here.</title></head><body><h1>The heading of the page is this.</h1>
<p>We met Dr. Miller at the <b>old</b> station.
   She had a letter for us.</p><pre>It is the code of it.</pre>
<table><tr><td><p>A cell of the table is here.</p></table>
<ul><li>Take the second road on the left.</li></ul><p>We met Dr. Miller at the old station.</p>
<p>Das ist ein Satz auf Deutsch.</p><p>mount /dev/sda1 to the path.</p></body></html>"""


def source(form: str, *files: str, only: tuple[str, ...] = ()) -> Source:
    return Source("mine", "judge", "mine", files, form, "a test", frozenset(only))


def read(root: Path, given: Source) -> list[str]:
    return [sentence for paragraph in paragraphs(given, root) for sentence in split_sentences(paragraph)]


def test_page_gives_its_paragraphs_and_items(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    found = [text for text in read(tmp_path, source("html", "*.html")) if is_prose(text)]
    met, had, road = (
        "We met Dr. Miller at the old station.",
        "She had a letter for us.",
        "Take the second road on the left.",
    )
    assert found == [met, had, road, met]


def test_table_for_layout_is_read(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    assert "A cell of the table is here." in read(tmp_path, source("html with tables for layout", "*.html"))


def test_fortunes_lose_their_authors_and_those_not_asked_for(tmp_path: Path) -> None:
    (tmp_path / "love").write_text(
        'It is better to be wise than to be rich.\n\t\t-- A. Nonymous, "On it"\n%\nIt was la-\nter.\n',
        newline="",
    )
    (tmp_path / "war").write_text("It is the end of the war.\n")
    found = read(tmp_path, source("fortunes", "*", only=("love",)))
    assert found == ["It is better to be wise than to be rich.", "It was later."]


def test_dialogue_is_what_is_said(tmp_path: Path) -> None:
    said, story = 'message= _ "He said ""no"" to it. Why?"', 'story=_ "It was a\nlong way."'
    text = f'id=me\n{said}\nname= _ "The old one of the hills."\n{story}\n'
    (tmp_path / "scene.cfg").write_text(text)
    assert read(tmp_path, source("dialogue", "*.cfg")) == ['He said "no" to it.', "Why?", "It was a long way."]


def test_examples_of_a_dictionary_are_sentences(tmp_path: Path) -> None:
    (tmp_path / "data.adj").write_text(
        '1 00 s 01 fit 0 | of the right size; "it is fit to be seen"; "is it fit?"  \n2 00 s | not "it" but the other\n'
    )
    assert read(tmp_path, source("glosses", "data.*"))[:2] == ["It is fit to be seen.", "Is it fit?"]


def test_books_are_told_apart_by_their_first_line(tmp_path: Path) -> None:
    def book(*lines: str) -> bytes:
        strings = b"".join(struct.pack(">ii", 0x40009, len(line)) + line.encode() for line in lines)
        vector = b"X\n" + struct.pack(">iii", 3, 0, 0) + struct.pack(">ii", 16, len(lines)) + strings
        return struct.pack(">I", len(vector)) + zlib.compress(vector)

    (tmp_path / "books.rdb").write_bytes(
        book("ONE", "", "It was the", "first.") + book("TWO", "", "It was _the_", "second.")
    )
    assert read(tmp_path, source("books", "*.rdb", only=("TWO",)))[-1] == "It was the second."
    assert "first" not in " ".join(read(tmp_path, source("books", "*.rdb", only=("TWO",))))


@pytest.mark.parametrize(
    "paragraph",
    ["Mr. J. S. Bach had 20 children.", "It is cheap, e.g. free.", "Wait... what is it?", "See p. 4 of it."],
)
def test_sentence_does_not_end_in_an_abbreviation(paragraph: str) -> None:
    assert list(split_sentences(paragraph)) == [paragraph]


def test_sentence_ends_after_words_that_look_like_abbreviations() -> None:
    assert list(split_sentences("He said no. So did I. They left.")) == ["He said no.", "So did I.", "They left."]


@pytest.mark.parametrize(
    "text",
    [
        "The list of options:",
        "It was, as he said, no more than that.",
        "“What is it that you want?”",
        "Will Will be there at nine?",
    ],
)
def test_sentence_is_prose(text: str) -> None:
    assert is_prose(text)


@pytest.mark.parametrize(
    "text",
    [
        "Too short.",
        "the first letter of it is small.",
        "It has no end to it",
        "THE WHOLE OF IT IS SHOUTED.",
        "The value of x_1 is in the file.",
        "Run it with the option --force.",
        "Der Hund und die Katze sind im Garten.",
        "Alice Bob Carol Dave Erin Frank Grace Heidi.",
        "See https://example.com for more of it.",
    ],
)
def test_text_is_no_prose(text: str) -> None:
    assert not is_prose(text)


def test_sentences_come_once_and_none_of_what_is_absent(tmp_path: Path) -> None:
    folder = tmp_path / "usr/share/doc/mh-book/html/mh"
    folder.mkdir(parents=True)
    (folder / "page.html").write_text(PAGE)
    assert list(sentences("mh", tmp_path)) == [
        "We met Dr. Miller at the old station.",
        "She had a letter for us.",
        "Take the second road on the left.",
    ]
    assert list(sentences("anarchism", tmp_path)) == []


def test_no_file_is_both_trained_on_and_judged_with() -> None:
    def files(use: str) -> set[tuple[str, str]]:
        rows = [row for row in load_sources().values() if row.use == use]
        return {(file, only) for row in rows for file in row.files for only in row.only or {""}}

    assert files("train").isdisjoint(files("judge"))


def test_each_package_is_installed_for_the_proofs() -> None:
    text = (Path(__file__).parents[5] / "packaging/debian/prove.txt").read_text()
    listed = {word for line in text.splitlines() for word in line.split("#")[0].split()}
    assert {name for row in load_sources().values() for name in row.package.split()} <= listed
