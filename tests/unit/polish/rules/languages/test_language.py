"""Which language's rules a text gets."""

from __future__ import annotations

import pytest

from desktop.core.types import DictationContext
from desktop.polish.rules.languages.language import LANGUAGES, UNDETERMINED, choose_language, foreign_spans, load_table
from desktop.polish.rules.pipeline import PolishRules


def polished(text: str, language: str) -> str:
    return PolishRules()(text, DictationContext(language=language)).text


@pytest.mark.parametrize(
    ("recognized", "text", "language"),
    [
        ("en", "um call me at three", "en"),
        ("", "um call me at three", "en"),
        ("en", "Send the résumé to the café.", "en"),
        ("en", "Hierdoor is het niet meer nodig.", UNDETERMINED),
        ("en", "Considere adicionar um identificador único.", UNDETERMINED),
        ("", "Ich habe es nicht gesehen, aber sie war da.", "de"),
        ("", "Nous étions avec elle et il est parti.", "fr"),
        ("", "Ella no está aquí, pero yo sí.", "es"),
        ("", "Non sono ancora qui, ma lui sì.", "it"),
        ("de", "Das ist gut.", "de"),
        ("de", "zwanzig", "de"),
        ("de-AT", "zwanzig", "de-AT"),
        ("de", "We have it here and they know that.", UNDETERMINED),
        ("zh", "we have it here and they know that", "zh"),
        ("nl", "dat is het", "nl"),
        ("", "我们走吧", "zh"),
    ],
)
def test_language_is_checked_against_the_words(recognized: str, text: str, language: str) -> None:
    assert choose_language(recognized, text) == language


def test_sentence_in_another_language_is_found() -> None:
    text = "Er sagte es. We have it here and they know. Gut so."
    assert [text[start:end] for start, end in foreign_spans(text, "de")] == [" We have it here and they know."]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "Ik heb er twintig, dus dat is wel genoeg, punt."),
        ("nl", "De komma staat op de nieuwe regel en er is niets aan te doen."),
        ("nl", "Om drie uur dertig komen de mensen, want het is dan al laat."),
        ("it", "Ho visto ventuno persone e poi sono andato via, punto e basta."),
        ("it", "La virgola va qui, a capo no, perché non serve."),
        ("it", "Sono le tre e mezza del mattino e io non dormo."),
        ("pt", "Eu vi um homem e uma mulher, vírgula, às três e meia."),
        ("pt", "O ponto é que não temos vinte euros para o bilhete."),
        ("pt", "Ele disse que um dia em casa é bom."),
        ("pl", "To jest dwadzieścia jeden osób i nie wiem, co robić."),
        ("pl", "Po dwóch godzinach już nie było nikogo w domu."),
        ("pl", "Kropka to kropka, a przecinek to nie kropka."),
    ],
)
@pytest.mark.parametrize("is_named", [True, False])
def test_language_without_rules_stays(language: str, text: str, is_named: bool) -> None:
    assert polished(text, language if is_named else "") == text


@pytest.mark.parametrize("text", ["Ik heb er twintig, dus dat is wel genoeg.", "Ele disse que um dia em casa é bom."])
def test_english_rules_leave_what_is_not_english(text: str) -> None:
    assert polished(text, "en") == text


@pytest.mark.parametrize(
    ("rule", "said", "typed"),
    [
        ("numbers", "Wir sind einundzwanzig.", "Wir sind einundzwanzig."),
        ("spoken", "Gut Komma danke.", "Gut Komma danke."),
        ("repeats", "Ich ich komme.", "Ich ich komme."),
        ("fillers", "Das ähm geht.", "Das ähm geht."),
    ],
)
def test_rule_that_is_off_changes_nothing(rule: str, said: str, typed: str) -> None:
    assert polished(said, "de") != said
    assert PolishRules(without=frozenset((rule,)))(said, DictationContext(language="de")).text == typed


def test_history_names_the_rules() -> None:
    changes = PolishRules()("Ich ich ähm nehme einundzwanzig Komma bitte.", DictationContext(language="de")).changes
    assert {change.rule for change in changes} == {"repeats", "fillers", "spoken", "numbers"}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_tables_have_the_same_parts(language: str) -> None:
    shared = {"joining", "numbers", "amounts", "dates", "times", "repeats", "spoken"}
    assert shared <= set(load_table(language)) <= shared | {"fillers"}


def test_no_break_spaces_are_kept_in_their_languages() -> None:
    assert polished("Das kostet 20\u00a0€ heute.", "de") == "Das kostet 20\u00a0€ heute."
    assert polished("Das kostet 20\u00a0 € heute.", "de") == "Das kostet 20 € heute."
    assert polished("It costs 20\u00a0€ today.", "en") == "It costs 20 € today."


def test_capital_comes_after_no_ordinal_in_german() -> None:
    assert polished("Der 3. und der 4. sind frei.", "de") == "Der 3. und der 4. sind frei."


@pytest.mark.parametrize(
    ("language", "said", "typed"),
    [
        ("en-GB", "We have twenty one chairs.", "We have 21 chairs."),
        ("zh-CN", "我要两个，不对，三个。", "我要三个。"),
        ("zh-TW", "我買了二十四個蘋果，謝謝你。", "我買了24個蘋果，謝謝你。"),
        ("de-CH", "Ich denke Komma wir sind einundzwanzig.", "Ich denke, wir sind 21."),
    ],
)
def test_region_of_a_language_changes_no_rule(language: str, said: str, typed: str) -> None:
    assert polished(said, language) == typed
    assert polished(said, language) == polished(said, language.partition("-")[0])
