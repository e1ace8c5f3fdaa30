"""The page that compares models: what it says of each, and what its buttons ask for."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLabel

from desktop.app.bench_service import BenchProgress
from desktop.core.errors import UserError
from desktop.ui.settings import bench as settings_bench
from desktop.ui.settings.bench import BenchPage
from desktop.ui.settings.settings_form import SettingsForm
from tests.support.history_rows import said as said_entry
from tests.support.ui.fake_bench import FakeBench, compared, make_report


@pytest.fixture
def bench() -> FakeBench:
    return FakeBench()


@pytest.fixture
def page(engine, bench: FakeBench, qtbot) -> BenchPage:
    form = SettingsForm(engine.app(bench=bench))
    form.add_row("recognizer.model")  # of another page
    made = BenchPage(form)
    qtbot.addWidget(made)
    made.show()
    return made


def said(page: BenchPage) -> str:
    text = "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())
    return text.replace("\u00a0", " ")


def test_nothing_is_asked_until_the_page_is_shown(engine, bench: FakeBench, qtbot) -> None:
    page = BenchPage(SettingsForm(engine.app(bench=bench)))
    qtbot.addWidget(page)
    page.on_window_shown()
    assert (bench.asked, bench.watching) == ([], [])
    page.show()
    assert (bench.asked, len(bench.watching)) == (["load"], 1)
    page.hide()
    assert bench.watching == []


def test_models_are_shown_best_first_with_what_can_be_said(page: BenchPage) -> None:
    assert list(page.rows) == ["base", "tiny", "tiny.en"]
    text = said(page)
    assert "95.6 % of words right  ·  8 of 9 names  ·  0.18 s at release  ·  costs nothing  ·  145 MB" in text
    assert "Worth it: 1.8 to 6.4 fewer wrong words in a hundred." in text
    assert "No difference that can be seen on 32 recordings." in text
    assert "By 32 recordings that were drawn by chance, which you checked.\nNothing leaves this machine." in text
    assert "0.27 US$ for an hour of speech. Not run: it would be sent your recordings." in text


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            compared("a", "slow", difference_percent={"value": -4.0, "low": -6.0, "high": -2.0}),
            "too slow at release: 2.0 to",
        ),
        (
            compared("a", "small", difference_percent={"value": -0.5, "low": -0.9, "high": -0.1}),
            "Better, perhaps by too little to be worth it: 0.1",
        ),
        (compared("a", "worse", difference_percent={"value": 4.0, "low": 2.0, "high": 6.0}), "Worse: 2.0 to 6.0 more"),
        (compared("a", "too-few"), "Too few recordings to compare."),
        (compared("a", "too-few", words=0, names=0, release_p50_ms=None), "Not measured yet."),
        (compared("a", "in-use", words=0, names=0), "Not measured yet."),
    ],
)
def test_each_verdict_has_its_sentence(
    page: BenchPage, bench: FakeBench, row: dict[str, object], expected: str
) -> None:
    bench.report = make_report(models=[row])
    bench.move(BenchProgress(is_running=True, done=1, total=4, model="a"))
    bench.move(BenchProgress())
    assert expected in said(page)


def test_without_corrected_texts_it_says_so(page: BenchPage, bench: FakeBench) -> None:
    bench.report = make_report(models=[compared("a", "in-use", words=0, names=0)], checked=0)
    bench.move(BenchProgress(is_running=True, done=1, total=4, model="a"))
    bench.move(BenchProgress())
    assert "No corrected text to judge its words by." in said(page)


def test_one_click_uses_a_model(page: BenchPage, engine) -> None:
    assert not page.use_buttons["tiny"].isEnabled()
    page.use_buttons["base"].click()
    assert "set recognizer.model base" in engine.asked


def test_comparison_is_started_followed_and_stopped(page: BenchPage, bench: FakeBench) -> None:
    page.run_button.click()
    bench.move(BenchProgress(is_running=True))
    assert page.run_button.text() == "Stop"
    assert "It begins when you do not speak." in said(page)
    bench.move(BenchProgress(is_running=True, done=3, total=108, model="base"))
    assert "Whisper base: 3 of 108 results." in said(page)
    page.run_button.click()
    bench.move(BenchProgress(done=3, total=108, model="base"))
    assert page.run_button.text() == "Compare now"
    assert bench.asked == ["load", "start", "load", "stop", "load"]


@pytest.mark.parametrize(
    ("done", "expected"),
    [(3, "The comparison was ended. What it has measured stays."), (9, "The models are compared.")],
)
def test_the_end_is_said_as_it_was(
    page: BenchPage, bench: FakeBench, monkeypatch: pytest.MonkeyPatch, done: int, expected: str
) -> None:
    announced: list[str] = []
    monkeypatch.setattr(settings_bench, "announce", lambda widget, text: announced.append(text))
    bench.move(BenchProgress(is_running=True, done=done, total=9, model="base"))
    bench.move(BenchProgress(done=done, total=9, model="base"))
    assert announced == [expected]


def test_service_in_use_is_named(page: BenchPage, bench: FakeBench) -> None:
    bench.report = make_report(service_in_use="openai")
    page._load()
    assert "You use OpenAI; compared is the local model that answers in its place." in said(page)


def test_too_few_recordings_and_problems_are_said(page: BenchPage, bench: FakeBench) -> None:
    bench.report = make_report(checked=3, results=2)
    bench.move(BenchProgress(is_running=True, done=1, total=4, model="base"))
    bench.move(BenchProgress(problem=UserError("bench-mine-failed")))
    text = said(page)
    assert "A comparison needs 30 recordings whose text you corrected in the history. There are 3." in text
    assert "The models could not be compared." in text
    bench.report = UserError("bench-mine-model-missing")
    bench.move(BenchProgress(is_running=True, done=1, total=4, model="base"))
    assert "No model of speech is installed." in said(page)


def test_a_text_is_checked_on_the_page(page: BenchPage, bench: FakeBench, engine) -> None:
    assert not page.check_row.isVisible()
    row = engine.kept.history.add(said_entry("We met in Ulm."))
    bench.report = make_report(sampled=3, to_check=[row.id])
    page._load()
    assert "We met in Ulm." in said(page)
    assert "By 36 recordings whose text you corrected, and 12 others." in said(page)
    page.open_button.click()
    bench.report = make_report()
    page.right_button.click()
    assert bench.asked == ["load", "load", f"open {row.id}", "load"]
    assert engine.kept.history.get(row.id).edited == "We met in Ulm."
    assert not page.check_row.isVisible()


def test_a_correction_made_since_the_text_was_shown_stays(page: BenchPage, bench: FakeBench, engine) -> None:
    row = engine.kept.history.add(said_entry("We met in Ulm."))
    bench.report = make_report(sampled=3, to_check=[row.id])
    page._load()
    engine.kept.history.correct_text(row.id, "We met in Elm, Anna.")
    page.right_button.click()
    assert engine.kept.history.get(row.id).edited == "We met in Elm, Anna."
    bench.report = make_report()
    for kind in (QEvent.Type.WindowDeactivate, QEvent.Type.WindowActivate):
        QApplication.sendEvent(page, QEvent(kind))
    assert not page.check_row.isVisible(), "loaded again when the user comes back"
