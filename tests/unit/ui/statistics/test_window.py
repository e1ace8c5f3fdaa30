"""Mood and numbers: the window, its pages and what is saved of them."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest

from desktop.core.errors import HistoryError, HotkeyError
from desktop.core.state import AppState, Done, Health
from desktop.core.types import Emotion, Outcome
from desktop.history.statistics import EMOTION_KINDS, HistoryStatistics, StageLatency, Tally
from desktop.ui import emotions
from desktop.ui.statistics import pages as mood_pages
from desktop.ui.statistics.axes import compute_ticks, compute_trend
from desktop.ui.statistics.charts import BarChart, ColumnChart
from desktop.ui.statistics.window import StatisticsWindow
from desktop.ui.style import tokens
from tests.support.ui.controllers import altered
from tests.unit.ui.conftest import said

OVER_TIME, BY_DAY, BY_HOUR, BY_APP, SPEED, WAITING = range(6)


def tally(key: str, dictations: int = 12, **known: Any) -> Tally:
    fields = {
        "words": 120,
        "duration_s": 60.0,
        "emotion_counts": (6, 3, 0, 1, 0, 0, 0, 2),
        "valence": 0.2,
        "arousal": -0.1,
    }
    return Tally(key=key, dictations=dictations, **(fields | known))


SOME = HistoryStatistics(
    total=tally(""),
    days=(tally("2026-03-13"), tally("2026-03-16")),
    hours=(tally("9"), tally("14")),
    apps=(tally("Slack"), tally("")),
    latencies=(StageLatency("release_to_text", 12, 310, 620), StageLatency("paste", 12, 30, 48)),
    saved_s=4980,
    streak_days=2,
    longest_streak_days=9,
)
SILENT = replace(
    SOME,
    total=tally("", emotion_counts=(0,) * 8),
    days=(tally("2026-03-13", emotion_counts=(0,) * 8, valence=None, arousal=None),),
    hours=(),
    apps=(),
)
NOTHING = HistoryStatistics(total=Tally(key="", dictations=0))


class Adder:
    """Something that adds up: it gives `found`, and notes from when on it was asked."""

    def __init__(self, found: object) -> None:
        self.found = found
        self.asked: list[datetime | None] = []

    def __call__(self, since: datetime | None, then: Any) -> None:
        self.asked.append(since)
        then(self.found)


@pytest.fixture
def adder() -> Adder:
    return Adder(SOME)


@pytest.fixture
def window(engine, qtbot, adder: Adder):
    def opened(found: object = SOME) -> StatisticsWindow:
        adder.found = found
        made = StatisticsWindow(engine.app(history=altered(engine.kept, load_statistics=adder)))
        qtbot.addWidget(made)
        made.present()
        return made

    return opened


def words(window: StatisticsWindow) -> str:
    return " ".join(label.text() for pair in window._figures for label in pair)


def cells(window: StatisticsWindow) -> list[list[str]]:
    model = window.table.model()
    return [[model.index(row, at).data() for at in range(model.columnCount())] for row in range(model.rowCount())]


def test_what_matters_most_is_above_every_page(window) -> None:
    shown = words(window())
    assert shown == "12 dictations 120 words 120 words a minute 1 h 23 min saved over typing 2 days in a row, at most 9"


def test_time_that_was_not_saved_is_not_hidden(window) -> None:
    assert "−5 min saved" in words(window(replace(SOME, saved_s=-300)))


def test_pages_have_plot_table_and_explanation(window) -> None:
    shown = window()
    for place in range(shown.sections.count()):
        shown.sections.setCurrentRow(place)
        assert shown.canvas.isVisible()
        assert shown.canvas.accessibleName() == shown.title.text() == mood_pages.page_titles()[place]
        assert shown.canvas.accessibleDescription() == shown.sentence.text() != ""
        shown.as_table.setChecked(True)
        assert shown.table.isVisible()
        assert cells(shown)
        shown.as_table.setChecked(False)


def test_emotions_are_expressions_and_doubt_is_said(window) -> None:
    sentence = window().sentence.text()
    assert "An expression heard, not a feeling known." in sentence
    assert "Not sure about 2 of 12." in sentence


def test_a_table_names_all_that_is_counted(window) -> None:
    shown = window()
    shown.sections.setCurrentRow(BY_APP)
    assert cells(shown) == [[name, "6", "3", "0", "1", "0", "0", "0", "2"] for name in ("Slack", "Unknown")]


def test_days_between_are_empty_and_not_folded_away() -> None:
    plot = mood_pages.build_pages(SOME, is_detecting=True)[BY_DAY].plot
    assert isinstance(plot, ColumnChart)
    assert [sum(stack) for stack in plot.stacks] == [12, 0, 0, 12]


def test_long_times_are_shown_by_the_week() -> None:
    long = replace(SOME, days=(tally("2026-01-01"), tally("2026-01-02"), tally("2026-06-01")))
    table = mood_pages.build_pages(long, is_detecting=True)[BY_DAY].table
    assert table.header[0] == "Week from"
    assert [row[:2] for row in table.rows] == [("2025-12-29", "12"), ("2026-06-01", "6")]


def test_many_applications_end_in_one_line() -> None:
    many = replace(SOME, apps=tuple(tally(f"app {n}") for n in range(20)))
    page = mood_pages.build_pages(many, is_detecting=True)[BY_APP]
    assert isinstance(page.plot, BarChart)
    assert page.plot.labels[-1] == "12 others"
    assert sum(map(sum, page.plot.stacks)) == 20 * 12
    assert len(page.table.rows) == 20


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"is_calibrating": True}, "Your voice is still calibrating: for now the words decide."),
        ({"corrected_count": 3}, "You corrected 3."),
        ({"total": tally("", emotion_counts=(1, *(0,) * 7))}, "So few say little."),
    ],
)
def test_what_is_to_be_minded_is_said(window, change: dict[str, Any], said: str) -> None:
    assert said in window(replace(SOME, **change)).sentence.text()


def test_emotion_off_says_where_to_turn_it_on(window, engine, qtbot) -> None:
    engine.set_setting("emotion.engine", "off")
    shown = window(SILENT)
    assert shown.empty.text() == "Emotion is off. Turn it on in the settings, and how it sounds will be here."
    qtbot.mouseClick(shown.settings, Qt.MouseButton.LeftButton)
    assert "open settings" in engine.asked
    shown.sections.setCurrentRow(SPEED)
    assert shown.canvas.isVisible()


def test_emotion_off_still_shows_earlier_data(window, engine) -> None:
    engine.set_setting("emotion.engine", "off")
    shown = window()
    assert shown.canvas.isVisible()
    assert "Emotion is off, so nothing new is added." in shown.sentence.text()


def test_in_private_it_is_said_that_nothing_is_added(window, engine) -> None:
    engine.set_setting("history.private", "on")
    assert window()._status_label.text() == "Private mode is on: nothing is added."


def test_the_history_is_one_click_or_key_away(window, engine, qtbot) -> None:
    shown = window()
    qtbot.mouseClick(shown.history, Qt.MouseButton.LeftButton)
    assert QTest.qWaitForWindowActive(shown)
    qtbot.keyClick(shown, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: engine.asked.count("open history") == 2)


def test_emotion_on_without_data_waits(window) -> None:
    shown = window(SILENT)
    assert shown.empty.text() == "How it sounds is listened for from your next dictation on."
    assert not shown.settings.isVisible()


def test_an_empty_history_teaches_the_next_step(window, engine) -> None:
    shown = window(NOTHING)
    assert shown.empty.text() == "Nothing was dictated in this time."
    assert not shown.figures.isVisible()
    assert not shown.save.isEnabled()
    shown.period.chosen.emit("0")
    assert shown.empty.text() == "Hold Right Ctrl and speak; the numbers will be here."


def test_empty_history_names_the_key_of_the_desktop(window) -> None:
    shown = window(NOTHING)
    shown.period.chosen.emit("0")
    shown.draw(AppState(health=Health(talk_key="Super+F9")))
    assert shown.empty.text() == "Hold Super+F9 and speak; the numbers will be here."


def test_empty_history_without_a_key_names_none(window) -> None:
    shown = window(NOTHING)
    shown.period.chosen.emit("0")
    shown.draw(AppState(health=Health(hotkey=HotkeyError("portal-key-unasked"))))
    assert shown.empty.text() == "The numbers of what you dictate will be here."


def test_a_history_that_cannot_be_read_says_why(window) -> None:
    assert (
        window(HistoryError("reported-message", title="It is damaged.", advice="Move it.")).empty.text()
        == "It is damaged. Move it."
    )


def test_the_time_begins_at_a_midnight(window, adder: Adder) -> None:
    shown = window()
    shown.period.chosen.emit("7")
    since = adder.asked[-1]
    assert since is not None
    assert (since.hour, since.minute) == (0, 0)
    assert (datetime.now().astimezone().date() - since.date()).days == 6
    shown.period.chosen.emit("0")
    assert adder.asked[-1] is None


def test_an_answer_to_an_older_question_is_dropped(engine, qtbot) -> None:
    asked: list[Any] = []
    history = altered(engine.kept, load_statistics=lambda since, then: asked.append(then))
    shown = StatisticsWindow(engine.app(history=history))
    qtbot.addWidget(shown)
    shown.present()
    shown.refresh()
    asked[1](SOME)
    asked[0](NOTHING)
    assert "12 dictations" in words(shown)


def test_a_dictation_that_ends_is_added(window, adder: Adder) -> None:
    shown = window()
    adder.found = replace(SOME, total=tally("", 13))
    shown.draw(AppState(Done(Outcome.INSERTED, "more")))
    assert "13 dictations" in words(shown)


def test_nothing_is_added_up_while_nobody_looks(window, adder: Adder) -> None:
    shown = window()
    shown.close()
    adder.asked.clear()
    shown.draw(AppState(Done(Outcome.INSERTED, "more")))
    shown.refresh()
    assert adder.asked == []


def test_numbers_are_saved_as_csv(window, tmp_path: Path) -> None:
    shown = window()
    shown.sections.setCurrentRow(WAITING)
    shown.save_page(tmp_path / "waiting.csv")
    with (tmp_path / "waiting.csv").open(newline="") as file:
        assert list(csv.reader(file)) == [
            ["Stage", "Dictations", "Half within (ms)", "95 of 100 within (ms)"],
            ["Release to text", "12", "310", "620"],
            ["Paste", "12", "30", "48"],
        ]
    assert shown._status_label.text() == "Saved as waiting.csv."


def test_an_application_s_name_is_no_formula(window, tmp_path: Path) -> None:
    shown = window(replace(SOME, apps=(tally("=1+1"),)))
    shown.sections.setCurrentRow(BY_APP)
    shown.save_page(tmp_path / "apps.csv")
    with (tmp_path / "apps.csv").open(newline="") as file:
        assert [row[0] for row in csv.reader(file)][1:] == ["'=1+1"]


def test_the_plot_is_saved_as_a_picture(window, tmp_path: Path) -> None:
    shown = window()
    shown.save_page(tmp_path / "mood.png")
    picture = QImage(str(tmp_path / "mood.png"))
    assert picture.width() == tokens.PICTURE_SIZE[0] * tokens.PICTURE_SCALE
    assert tokens.current_palette().accent.lower() in {picture.pixelColor(x, y).name() for x, y in _places(picture)}


@pytest.mark.parametrize("name", ["mood.png", "mood.csv"])
def test_what_cannot_be_saved_is_said(window, tmp_path: Path, name: str) -> None:
    shown = window()
    shown.save_page(tmp_path / "nowhere" / name)
    assert shown._status_label.text().startswith(f"{name} was not saved: ")


@pytest.mark.parametrize("kind", EMOTION_KINDS)
def test_emotions_have_unique_names_and_signs(qapp, kind: str) -> None:
    drawn = {other: _drawn(other) for other in EMOTION_KINDS}
    assert sum(picture == drawn[kind] for picture in drawn.values()) == 1
    assert [emotions.emotion_name(other) for other in EMOTION_KINDS].count(emotions.emotion_name(kind)) == 1


@pytest.mark.parametrize("found", [SOME, SILENT, replace(SOME, days=SOME.days[:1], apps=SOME.apps[:1])])
@pytest.mark.parametrize("size", [(900, 400), (40, 30)])
def test_every_plot_can_be_painted_at_any_size(qapp, found: HistoryStatistics, size: tuple[int, int]) -> None:
    for page in mood_pages.build_pages(found, is_detecting=True):
        if page.plot is not None:
            image = QImage(*size, QImage.Format.Format_ARGB32)
            image.fill(0)
            painter = QPainter(image)
            page.plot.paint(painter, QRectF(0, 0, *size))
            painter.end()
            assert any(image.pixel(x, y) for x, y in _places(image)), page.name


@pytest.mark.parametrize("most", [0, 1, 4, 23, 42, 106, 1505, 99_999])
def test_axis_ends_at_round_number_near_maximum(most: int) -> None:
    marks = compute_ticks(most)
    assert most <= marks[-1] <= max(1, 2 * most)
    assert 2 <= len(marks) <= 6


def test_trend_is_weighted_mean_of_neighbours() -> None:
    assert compute_trend((1.0, None, 0.0), (3, 0, 1), reach=2) == (0.75, 0.75, 0.75)
    assert compute_trend((1.0, None, None), (1, 0, 0), reach=1) == (1.0, 1.0, None)


def test_the_window_shows_what_a_real_history_holds(engine, qtbot) -> None:
    now = datetime.now(UTC).astimezone()
    for days in range(3):
        moment = now - timedelta(days=days)
        joy = Emotion("joy", 0.9, 0.8, 0.3)
        engine.kept.keep([said("a b c", moment, duration_s=1, emotion=joy)])

    shown = StatisticsWindow(engine.app())
    qtbot.addWidget(shown)
    shown.present()
    shown.sections.setCurrentRow(BY_DAY)
    assert [row[2] for row in cells(shown)] == ["1", "1", "1"]
    assert "3 days in a row" in words(shown)


def _places(picture: QImage) -> list[tuple[int, int]]:
    return [(x, y) for x in range(picture.width()) for y in range(0, picture.height(), 3)]


def _drawn(kind: str) -> QImage:
    image = QImage(24, 24, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    emotions.draw_emotion_sign(painter, QRectF(0, 0, 24, 24), kind, tokens.emotion_colour("joy"))
    painter.end()
    return image
