"""The user's own words in a text: what is found, what is left alone, and what a snippet becomes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.types import DictationContext, PolishedText, RuleChange, SentData
from desktop.polish.polisher import TextPolisher
from desktop.polish.rules.pipeline import PolishRules
from desktop.vocabulary.snippets import CLIPBOARD_UNREADABLE, ExpandedText, expand_snippets, needs_clipboard
from desktop.vocabulary.vocabulary import MAX_TERMS, Vocabulary, fold_phrase

OWN = Vocabulary(
    replacements={
        "get hub": "GitHub",
        "get": "fetch",
        "intone": "Intone",
        "hub": "Git hub",
        "node.js": "Node.js",
        "don": "Don",
        "c++": "C++",
        "张伟": "张玮",
    }
)
NOW = datetime(2026, 3, 5, 9, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Get Hub, get-hub and get", "GitHub, GitHub and fetch"),
        ("(get hub)", "(GitHub)"),
        ("get, hub", "fetch, Git hub"),
        ("get\nhub", "fetch\nGit hub"),
        ("INTONE's", "Intone's"),
        ("intoned gethub hubs my_hub", "intoned gethub hubs my_hub"),
        ("I don't, Don", "I don't, Don"),
        ("use node.js and c++.", "use Node.js and C++."),
        ("x@get.com get://hub www.hub.org intone.py @intone #get /usr/hub", None),
        ("我用get hub写，找张伟吧", "我用GitHub写，找张玮吧"),
        ("हिget hubी", None),
        ("", ""),
    ],
)
def test_whole_words_are_replaced_longest_first(said: str, written: str | None) -> None:
    assert OWN.apply_replacements(said) == (said if written is None else written)


@given(st.text(alphabet="gethubintone Git.@/-'张伟C+\n"))
def test_replacing_twice_is_replacing_once(text: str) -> None:
    once = OWN.apply_replacements(text)
    assert OWN.apply_replacements(once) == once


@given(st.text(), st.text(min_size=1))
def test_a_phrase_is_found_where_it_stands_alone(before: str, phrase: str) -> None:
    found = list(Vocabulary(replacements={phrase: "\ue000"}).find_replacements(phrase))
    assert (
        bool(found) or not fold_phrase(phrase) or phrase.strip() != phrase or "'t" in phrase.lower().replace("’", "'")
    )
    assert list(Vocabulary(replacements={"absent phrase": "x"}).find_replacements(before.replace("absent", ""))) == []


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("npm is here", "npm is here."),
        ("en gen x's config", "nginx's config."),
        ("npms is here", "Npms is here."),
        ("the office", "The office."),
        ("", ""),
    ],
)
def test_what_one_writes_without_a_capital_gets_none(said: str, written: str) -> None:
    own = Vocabulary(("npm",), {"en gen x": "nginx", "there": "the big house"})
    assert PolishRules(own)(said, DictationContext()).text == written


class FakeModel:
    """A language model that answers with what it is given, in other words; `asked` is what that was."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def prepare(self, text: str, context: DictationContext) -> None:
        self.asked.append(text)

    async def polish(self, text: str, context: DictationContext, on_draft: Callable[[str], None]) -> PolishedText:
        self.asked.append(text)
        return PolishedText(text.replace("GitHub", "get hub").replace("um ", ""))

    def finish(self, context: DictationContext) -> tuple[SentData, ...]:
        return ()


@pytest.mark.anyio
async def test_replacements_apply_to_model_input_and_answer() -> None:
    model = FakeModel()
    own = Vocabulary(replacements={"get hub": "GitHub"}, snippets={"my very own address": "12 get hub"})
    writer = TextPolisher("llm", PolishRules(own), model)  # type: ignore[arg-type]
    writer.prepare("um push it to get hub", DictationContext())
    said = await writer.polish("um push it to get hub at my very own address", DictationContext(), lambda draft: None)
    assert said.text == "push it to GitHub at 12 get hub"
    assert model.asked == ["um push it to GitHub", "um push it to GitHub at my very own address"]


@pytest.mark.anyio
async def test_no_model_is_asked_about_a_trigger_alone() -> None:
    model = FakeModel()
    writer = TextPolisher("llm", PolishRules(Vocabulary(snippets={"my very own address": "12"})), model)  # type: ignore[arg-type]
    writer.prepare("my very own address", DictationContext())
    assert (await writer.polish("My very own address.", DictationContext(), lambda draft: None)).text == "12"
    assert model.asked == []


def test_terms_are_words_and_one_word_replacements() -> None:
    own = Vocabulary(("Ada",), {"get hub": "GitHub", "b t w": "by the way", "ada": "Ada", "smiley": ":-)"})
    assert own.terms == ("Ada", "GitHub")
    many = Vocabulary(replacements={f"word {n}": f"Word{n}" for n in range(2 * MAX_TERMS)})
    assert len(many.terms) == MAX_TERMS


def snippet(text: str, said: str = "my address", clipboard: str | None = None) -> ExpandedText:
    return expand_snippets(said, Vocabulary(snippets={"my address": text}), NOW, clipboard)


@pytest.mark.parametrize("said", ["my address", "My address.", " My  Address。\n"])
def test_trigger_said_alone_becomes_only_its_text(said: str) -> None:
    made = snippet("12 High Street\nLondon", said)
    assert made.text == "12 High Street\nLondon"
    assert [change.after for change in made.changes] == ["12 High Street\nLondon"]


def test_chinese_trigger_is_found_inside_a_sentence() -> None:
    own = Vocabulary(snippets={"我的地址": "北京路1号"})
    assert expand_snippets("请寄到我的地址。", own, NOW, None).text == "请寄到北京路1号。"
    assert expand_snippets("我的地址。", own, NOW, None).text == "北京路1号"


def test_a_trigger_in_a_sentence_becomes_its_text() -> None:
    assert snippet("12 High St", "Send it to my address, please.").text == "Send it to 12 High St, please."
    assert snippet("12 High St", "Send it to my addresses.") == ExpandedText("Send it to my addresses.")


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("{date} {time}", "2026-03-05 09:07"),
        ("{date:%d %B %Y}", "05 March 2026"),
        ("{time:%H.%M}", "09.07"),
        ("{name} {date:} {} {{}} {Date}", "{name} {date:} {} {{}} {Date}"),
        ("<{clipboard}>", "<copied {date} my address>"),
    ],
)
def test_variables_fill_once_and_other_braces_stay(text: str, made: str) -> None:
    assert snippet(text, clipboard="copied {date} my address").text == made


def test_unreadable_clipboard_is_omitted_with_a_note() -> None:
    assert snippet("<{clipboard}>").text == "<>"
    assert snippet("<{clipboard}>").notes == (CLIPBOARD_UNREADABLE,)
    assert snippet("plain").notes == ()
    assert needs_clipboard(Vocabulary(snippets={"x": "{clipboard}"}))
    assert not needs_clipboard(Vocabulary(snippets={"x": "{date}"}))


def test_the_cursor_is_to_stand_where_the_snippet_says() -> None:
    made = snippet("Dear {cursor},\n{cursor}yours", "Write my address now.")
    assert (made.text, made.text_after_cursor) == ("Write Dear ,\nyours now.", ",\nyours now.")
    assert snippet("Dear{cursor}").text_after_cursor == ""


async def polished(said: str, mode: str = "rules", **known: str) -> PolishedText:
    own = Vocabulary(replacements={"street": "Road"}, snippets={"my address": "12 high street  {cursor}"})
    writer = TextPolisher(mode, PolishRules(own))  # type: ignore[arg-type]
    return await writer.polish(said, DictationContext(**known), lambda draft: None)  # type: ignore[arg-type]


@pytest.mark.anyio
async def test_snippet_is_untouched_and_text_around_polished() -> None:
    assert (await polished("my address")).text == "12 high street  "
    assert (await polished("um my address is in the street")).text.endswith("12 high street   is in the Road.")
    assert (await polished("my address is  here", mode="off")).text == "12 high street   is  here"
    assert (await polished("my address is here")).changes[-1] == RuleChange(
        "snippets", "My address", "12 high street  "
    )


def test_kept_words_are_left_as_heard_and_are_no_own_words() -> None:
    own = Vocabulary(("Bartleby",))
    assert own.find_own_words("ask Bartlebie", "en")
    kept = Vocabulary(("Bartleby",), kept=("bartlebie",))
    assert kept.find_own_words("ask Bartlebie about Bartlebee", "en") == own.find_own_words(
        "ask somebodie about Bartlebee", "en"
    )
    assert kept.terms == ("Bartleby",)
    assert not kept.begins_with_term("bartlebie is here")


def test_as_spoken_looks_for_listed_words_alone() -> None:
    own = Vocabulary(("Bartleby",), {"coober netties": "Kubernetes"})
    heard = "ask Bartlebie about Kubernetis"
    assert [match.written for match in own.find_own_words(heard, "en")] == ["Bartleby", "Kubernetes"]
    assert [match.written for match in own.find_own_words(heard, "en", is_as_spoken=True)] == ["Bartleby"]
