"""Build the pages of the statistics: a plot, its table, and a caption.

Screen readers read the table and CSV files contain it, so its numbers are plain. Emotions describe how a dictation
sounded; unsure ones are drawn too, because leaving them out would exaggerate the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from desktop.history.statistics import EMOTION_KINDS, TYPING_WPM, HistoryStatistics, Tally, group_by_week, limit_tallies
from desktop.ui import emotions, wording
from desktop.ui.statistics.axes import compute_ticks, compute_trend
from desktop.ui.statistics.charts import BarChart, ColumnChart, LatencyChart, LineChart, LinePanel, Plot

translate = QCoreApplication.translate

WEEKLY_ABOVE_DAYS = 120
"""Periods longer than this many days are shown by week."""

MAX_APPS = 9
"""Applications shown separately; the rest is one entry."""

FEW_DICTATIONS = 10
"""Below this number of dictations the numbers say little."""

AXIS_LIMITS = (0.25, 0.5, 1.0)
"""Limits of a valence or arousal axis: the smallest that fits is used, as a day's mean is rarely far from 0."""


@dataclass(frozen=True, slots=True)
class PlotTable:
    """The numbers of a plot, as text."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class StatisticsPage:
    """One page.

    `name` is for file names; `sentence` explains the plot and its limits; `plot` is None when there is nothing to show,
    and the sentence says why.
    """

    name: str
    title: str
    sentence: str
    plot: Plot | None
    table: PlotTable
    is_about_emotion: bool = False


def build_pages(statistics: HistoryStatistics, *, is_detecting: bool) -> tuple[StatisticsPage, ...]:
    """Return all pages in their order. `is_detecting`: emotion detection is on."""
    weekly = len(statistics.days) > 1 and _span_days(statistics.days) > WEEKLY_ABOVE_DAYS
    days = _fill_gaps(group_by_week(statistics.days) if weekly else statistics.days, timedelta(days=7 if weekly else 1))
    caveats = _describe_caveats(statistics, is_detecting)
    return (
        _over_time_page(days, weekly, caveats),
        _by_day_page(days, weekly, caveats),
        _by_hour_page(statistics.hours, caveats),
        _by_app_page(statistics.apps, caveats),
        _speed_page(days, weekly),
        _waiting_page(statistics),
    )


def page_titles() -> tuple[str, ...]:
    """Return the titles of the pages."""
    return (
        translate("mood", "Over time"),
        translate("mood", "By day"),
        translate("mood", "By hour"),
        translate("mood", "By application"),
        translate("mood", "Speed"),
        translate("mood", "Waiting"),
    )


def key_figures(statistics: HistoryStatistics) -> tuple[tuple[str, str], ...]:
    """Return the key figures, each a number and its unit."""
    total = statistics.total
    pace = total.words_per_minute
    return (
        (f"{total.dictations:,}", translate("mood", "dictations")),
        (f"{total.words:,}", translate("mood", "words")),
        ("–" if pace is None else f"{pace:.0f}", translate("mood", "words a minute")),
        (_format_duration(statistics.saved_s), translate("mood", "saved over typing")),
        (
            str(statistics.streak_days),
            translate("mood", "days in a row, at most {0}").format(statistics.longest_streak_days),
        ),
    )


def _describe_caveats(statistics: HistoryStatistics, is_detecting: bool) -> str:
    """Return what limits the emotion statistics, or why there are none."""
    count, unsure = statistics.total.emotion_count, statistics.total.emotion_counts[-1]
    sentences = []
    if not count:
        if is_detecting:
            return translate("mood", "How it sounds is listened for from your next dictation on.")
        return translate("mood", "Emotion is off. Turn it on in the settings, and how it sounds will be here.")
    if count < FEW_DICTATIONS:
        sentences.append(translate("mood", "So few say little."))
    if unsure:
        sentences.append(translate("mood", "Not sure about {0} of {1}.").format(f"{unsure:,}", f"{count:,}"))
    if statistics.corrected_count:
        sentences.append(translate("mood", "You corrected {0}.").format(f"{statistics.corrected_count:,}"))
    if statistics.is_calibrating:
        sentences.append(translate("mood", "Your voice is still calibrating: for now the words decide."))
    if not is_detecting:
        sentences.append(translate("mood", "Emotion is off, so nothing new is added."))
    return wording.join_sentences(*sentences) if sentences else ""


def _over_time_page(days: Sequence[Tally], weekly: bool, caveats: str) -> StatisticsPage:
    weights = [day.emotion_count for day in days]

    def panel(values: tuple[float | None, ...], high: str, low: str) -> LinePanel:
        trend = compute_trend(values, weights)
        reach = max((abs(value) for value in (*values, *trend) if value is not None), default=0.0)
        limit = next((scale for scale in AXIS_LIMITS if reach <= scale), 1.0)
        return LinePanel(values, trend, (-limit, 0.0, limit), high, low, is_signed=True)

    plot = LineChart(
        _day_labels(days),
        (
            panel(tuple(day.valence for day in days), translate("mood", "pleasant"), translate("mood", "unpleasant")),
            panel(tuple(day.arousal for day in days), translate("mood", "lively"), translate("mood", "calm")),
        ),
    )
    caption = (
        translate("mood", "How you sounded week by week, and the line around which that moves.")
        if weekly
        else translate("mood", "How you sounded day by day, and the line around which that moves.")
    )
    header = (
        _period_name(weekly),
        translate("mood", "Heard"),
        translate("mood", "Pleasant"),
        translate("mood", "Lively"),
    )
    rows = tuple(
        (day.key, str(day.emotion_count), _format_signed(day.valence), _format_signed(day.arousal))
        for day in days
        if day.emotion_count
    )
    return _emotion_page("mood-over-time", page_titles()[0], caption, caveats, plot, PlotTable(header, rows))


def _by_day_page(days: Sequence[Tally], weekly: bool, caveats: str) -> StatisticsPage:
    caption = (
        translate("mood", "How many dictations sounded like what, week by week.")
        if weekly
        else translate("mood", "How many dictations sounded like what, day by day.")
    )
    plot = ColumnChart(_day_labels(days), tuple(day.emotion_counts for day in days))
    with_emotion = [day for day in days if day.emotion_count]
    return _emotion_page(
        "mood-by-day",
        page_titles()[1],
        caption,
        caveats,
        plot,
        _count_table(_period_name(weekly), with_emotion, _tally_key),
    )


def _by_hour_page(hours: Sequence[Tally], caveats: str) -> StatisticsPage:
    by_hour = {int(hour.key): hour for hour in hours}
    all_hours = [by_hour.get(hour, Tally(key=str(hour), dictations=0)) for hour in range(24)]
    plot = ColumnChart(tuple(str(hour) for hour in range(24)), tuple(hour.emotion_counts for hour in all_hours))
    caption = translate("mood", "When you spoke, by the clock where you were, and how it sounded.")
    with_emotion = [hour for hour in all_hours if hour.emotion_count]
    table = _count_table(translate("mood", "Hour"), with_emotion, lambda hour: f"{hour.key}:00")
    return _emotion_page("mood-by-hour", page_titles()[2], caption, caveats, plot, table)


def _by_app_page(apps: Sequence[Tally], caveats: str) -> StatisticsPage:
    def name(app: Tally) -> str:
        return app.key or translate("mood", "Unknown")

    with_emotion = sorted((app for app in apps if app.emotion_count), key=lambda app: -app.emotion_count)
    others = translate("mood", "{0} others").format(len(with_emotion) - MAX_APPS + 1)
    shown = limit_tallies(with_emotion, MAX_APPS, others)
    plot = BarChart(tuple(name(app) for app in shown), tuple(app.emotion_counts for app in shown))
    caption = translate("mood", "Where you spoke into, and how it sounded there.")
    table = _count_table(translate("mood", "Application"), with_emotion, name)
    return _emotion_page("mood-by-application", page_titles()[3], caption, caveats, plot, table)


def _speed_page(days: Sequence[Tally], weekly: bool) -> StatisticsPage:
    values = tuple(day.words_per_minute for day in days)
    trend = compute_trend(values, [day.words for day in days])
    ticks = compute_ticks(max((value for value in (*values, *trend) if value is not None), default=TYPING_WPM))
    typing_line = (float(TYPING_WPM), translate("mood", "typing: {0}").format(TYPING_WPM))
    plot = LineChart(
        _day_labels(days),
        (LinePanel(values, trend, ticks, translate("mood", "words a minute"), reference_line=typing_line),),
    )
    header = (
        _period_name(weekly),
        translate("mood", "Dictations"),
        translate("mood", "Words"),
        translate("mood", "Seconds of speech"),
        translate("mood", "Words a minute"),
    )
    rows = tuple(
        (day.key, str(day.dictations), str(day.words), f"{day.duration_s:.0f}", _format_number(day.words_per_minute))
        for day in days
        if day.dictations
    )
    has_values = any(value is not None for value in values)
    caption = translate(
        "mood",
        "How fast you speak, pauses included. In Chinese and its like two characters are a word. Time is saved against"
        " typing {0} words a minute, waiting included.",
    ).format(TYPING_WPM)
    return StatisticsPage("speed", page_titles()[4], caption, plot if has_values else None, PlotTable(header, rows))


def _waiting_page(statistics: HistoryStatistics) -> StatisticsPage:
    names = {
        "release_to_text": translate("mood", "Release to text"),
        "decode": translate("mood", "Recognition"),
        "paste": translate("mood", "Paste"),
    }
    median_label, p95_label = translate("mood", "half of the time"), translate("mood", "95 times of 100")
    plot = LatencyChart(
        tuple(names[wait.stage] for wait in statistics.latencies),
        tuple((wait.p50_ms, wait.p95_ms) for wait in statistics.latencies),
        median_label,
        p95_label,
    )
    header = (
        translate("mood", "Stage"),
        translate("mood", "Dictations"),
        translate("mood", "Half within (ms)"),
        translate("mood", "95 of 100 within (ms)"),
    )
    rows = tuple(
        (names[wait.stage], str(wait.count), str(wait.p50_ms), str(wait.p95_ms)) for wait in statistics.latencies
    )
    caption = translate(
        "mood",
        "How long you wait once the key is up. Recognition runs while you speak, so it may take longer.",
    )
    if not statistics.latencies:
        caption = translate("mood", "No wait was measured in this time.")
    return StatisticsPage(
        "waiting", page_titles()[5], caption, plot if statistics.latencies else None, PlotTable(header, rows)
    )


def _emotion_page(name: str, title: str, caption: str, caveats: str, plot: Plot, table: PlotTable) -> StatisticsPage:
    if not table.rows:
        return StatisticsPage(name, title, caveats, None, table, is_about_emotion=True)
    disclaimer = translate("mood", "An expression heard, not a feeling known.")
    return StatisticsPage(
        name, title, wording.join_sentences(caption, disclaimer, caveats), plot, table, is_about_emotion=True
    )


def _count_table(first_header: str, tallies: Sequence[Tally], name: Callable[[Tally], str]) -> PlotTable:
    rows = tuple((name(tally), *map(str, tally.emotion_counts)) for tally in tallies)
    return PlotTable((first_header, *(emotions.emotion_name(kind) for kind in EMOTION_KINDS)), rows)


def _tally_key(tally: Tally) -> str:
    return tally.key


def _period_name(weekly: bool) -> str:
    return translate("mood", "Week from") if weekly else translate("mood", "Day")


def _span_days(days: Sequence[Tally]) -> int:
    return (date.fromisoformat(days[-1].key) - date.fromisoformat(days[0].key)).days


def _fill_gaps(tallies: Sequence[Tally], step: timedelta) -> list[Tally]:
    """Return `tallies` in order, with empty ones for the missing days or weeks."""
    filled = list(tallies[:1])
    for before, after in pairwise(tallies):
        day = date.fromisoformat(before.key) + step
        while day < date.fromisoformat(after.key):
            filled.append(Tally(key=day.isoformat(), dictations=0))
            day += step
        filled.append(after)
    return filled


def _day_labels(days: Sequence[Tally]) -> tuple[str, ...]:
    def label(day: date) -> str:
        return QLocale().toString(QDate(day.year, day.month, day.day), translate("mood", "d MMM"))

    return tuple(label(date.fromisoformat(day.key)) for day in days)


def _format_signed(value: float | None) -> str:
    return "" if value is None else f"{value:+.2f}"


def _format_number(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}"


def _format_duration(seconds: float) -> str:
    hours, minutes = divmod(round(abs(seconds) / 60), 60)
    length = (
        translate("mood", "{0} h {1} min").format(f"{hours:,}", minutes)
        if hours
        else translate("mood", "{0} min").format(minutes)
    )
    return f"−{length}" if seconds < 0 and (hours or minutes) else length
