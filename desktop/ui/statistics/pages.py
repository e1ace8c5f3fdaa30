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

from desktop.history.statistics import KINDS, TYPING_WPM, Insights, Tally, by_week, most
from desktop.ui import emotions as signs
from desktop.ui import wording as words
from desktop.ui.statistics.charts import Columns, Lines, Panel, Plot, Spans, Strips
from desktop.ui.statistics.mood_axes import ticks, trend

translate = QCoreApplication.translate

WEEKS_FROM_DAYS = 120
"""Periods longer than this many days are shown by week."""

APPS = 9
"""Applications shown separately; the rest is one entry."""

FEW = 10
"""Below this number of dictations the numbers say little."""

SCALES = (0.25, 0.5, 1.0)
"""Limits of a valence or arousal axis: the smallest that fits is used, as a day's mean is rarely far from 0."""


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a plot, as text."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    `name` is for file names; `sentence` explains the plot and its limits; `plot` is None when there is nothing to show,
    and the sentence says why. `emotion`: the page is about emotions.
    """

    name: str
    title: str
    sentence: str
    plot: Plot | None
    table: Table
    emotion: bool = False


def pages(found: Insights, *, listening: bool) -> tuple[Page, ...]:
    """Return all pages in their order. `listening`: emotion detection is on."""
    weekly = len(found.days) > 1 and _span(found.days) > WEEKS_FROM_DAYS
    days = _without_gaps(by_week(found.days) if weekly else found.days, timedelta(days=7 if weekly else 1))
    caveats = _caveats(found, listening)
    return (
        _over_time(days, weekly, caveats),
        _by_day(days, weekly, caveats),
        _by_hour(found.hours, caveats),
        _by_app(found.apps, caveats),
        _speed(days, weekly),
        _waiting(found),
    )


def titles() -> tuple[str, ...]:
    """Return the titles of the pages."""
    return (
        translate("mood", "Over time"),
        translate("mood", "By day"),
        translate("mood", "By hour"),
        translate("mood", "By application"),
        translate("mood", "Speed"),
        translate("mood", "Waiting"),
    )


def figures(found: Insights) -> tuple[tuple[str, str], ...]:
    """Return the key figures, each a number and its unit."""
    total = found.total
    pace = total.words_per_minute
    return (
        (f"{total.dictations:,}", translate("mood", "dictations")),
        (f"{total.said:,}", translate("mood", "words")),
        ("–" if pace is None else f"{pace:.0f}", translate("mood", "words a minute")),
        (_duration(found.saved_s), translate("mood", "saved over typing")),
        (
            str(found.streak_days),
            translate("mood", "days in a row, at most {0}").format(found.longest_streak_days),
        ),
    )


def _caveats(found: Insights, listening: bool) -> str:
    """Return what limits the emotion statistics, or why there are none."""
    judged, unsure = found.total.judged, found.total.kinds[-1]
    said = []
    if not judged:
        if listening:
            return translate("mood", "How it sounds is listened for from your next dictation on.")
        return translate("mood", "Emotion is off. Turn it on in the settings, and how it sounds will be here.")
    if judged < FEW:
        said.append(translate("mood", "So few say little."))
    if unsure:
        said.append(translate("mood", "Not sure about {0} of {1}.").format(f"{unsure:,}", f"{judged:,}"))
    if found.corrected:
        said.append(translate("mood", "You corrected {0}.").format(f"{found.corrected:,}"))
    if found.calibrating:
        said.append(translate("mood", "Your voice is still calibrating: for now the words decide."))
    if not listening:
        said.append(translate("mood", "Emotion is off, so nothing new is added."))
    return words.together(*said) if said else ""


def _over_time(days: Sequence[Tally], weekly: bool, caveats: str) -> Page:
    weights = [day.judged for day in days]

    def panel(values: tuple[float | None, ...], high: str, low: str) -> Panel:
        smooth = trend(values, weights)
        reach = max((abs(value) for value in (*values, *smooth) if value is not None), default=0.0)
        ends = next((scale for scale in SCALES if reach <= scale), 1.0)
        return Panel(values, smooth, (-ends, 0.0, ends), high, low, signed=True)

    plot = Lines(
        _labels(days),
        (
            panel(tuple(day.valence for day in days), translate("mood", "pleasant"), translate("mood", "unpleasant")),
            panel(tuple(day.arousal for day in days), translate("mood", "lively"), translate("mood", "calm")),
        ),
    )
    how = (
        translate("mood", "How you sounded week by week, and the line around which that moves.")
        if weekly
        else translate("mood", "How you sounded day by day, and the line around which that moves.")
    )
    header = (_unit(weekly), translate("mood", "Heard"), translate("mood", "Pleasant"), translate("mood", "Lively"))
    rows = tuple((day.key, str(day.judged), _signed(day.valence), _signed(day.arousal)) for day in days if day.judged)
    return _of_emotion("mood-over-time", titles()[0], how, caveats, plot, Table(header, rows))


def _by_day(days: Sequence[Tally], weekly: bool, caveats: str) -> Page:
    how = (
        translate("mood", "How many dictations sounded like what, week by week.")
        if weekly
        else translate("mood", "How many dictations sounded like what, day by day.")
    )
    plot = Columns(_labels(days), tuple(day.kinds for day in days))
    heard = [day for day in days if day.judged]
    return _of_emotion("mood-by-day", titles()[1], how, caveats, plot, _counts(_unit(weekly), heard, _key))


def _by_hour(hours: Sequence[Tally], caveats: str) -> Page:
    known = {int(hour.key): hour for hour in hours}
    every = [known.get(hour, Tally(key=str(hour), dictations=0)) for hour in range(24)]
    plot = Columns(tuple(str(hour) for hour in range(24)), tuple(hour.kinds for hour in every))
    how = translate("mood", "When you spoke, by the clock where you were, and how it sounded.")
    heard = [hour for hour in every if hour.judged]
    table = _counts(translate("mood", "Hour"), heard, lambda hour: f"{hour.key}:00")
    return _of_emotion("mood-by-hour", titles()[2], how, caveats, plot, table)


def _by_app(apps: Sequence[Tally], caveats: str) -> Page:
    def name(app: Tally) -> str:
        return app.key or translate("mood", "Unknown")

    heard = sorted((app for app in apps if app.judged), key=lambda app: -app.judged)
    others = translate("mood", "{0} others").format(len(heard) - APPS + 1)
    shown = most(heard, APPS, others)
    plot = Strips(tuple(name(app) for app in shown), tuple(app.kinds for app in shown))
    how = translate("mood", "Where you spoke into, and how it sounded there.")
    table = _counts(translate("mood", "Application"), heard, name)
    return _of_emotion("mood-by-application", titles()[3], how, caveats, plot, table)


def _speed(days: Sequence[Tally], weekly: bool) -> Page:
    values = tuple(day.words_per_minute for day in days)
    smooth = trend(values, [day.said for day in days])
    marks = ticks(max((value for value in (*values, *smooth) if value is not None), default=TYPING_WPM))
    mark = (float(TYPING_WPM), translate("mood", "typing: {0}").format(TYPING_WPM))
    plot = Lines(_labels(days), (Panel(values, smooth, marks, translate("mood", "words a minute"), mark=mark),))
    header = (
        _unit(weekly),
        translate("mood", "Dictations"),
        translate("mood", "Words"),
        translate("mood", "Seconds of speech"),
        translate("mood", "Words a minute"),
    )
    rows = tuple(
        (day.key, str(day.dictations), str(day.said), f"{day.duration_s:.0f}", _plain(day.words_per_minute))
        for day in days
        if day.dictations
    )
    spoken = any(value is not None for value in values)
    how = translate(
        "mood",
        "How fast you speak, pauses included. In Chinese and its like two characters are a word. Time is saved against"
        " typing {0} words a minute, waiting included.",
    ).format(TYPING_WPM)
    return Page("speed", titles()[4], how, plot if spoken else None, Table(header, rows))


def _waiting(found: Insights) -> Page:
    names = {
        "release_to_text": translate("mood", "Release to text"),
        "decode": translate("mood", "Recognition"),
        "paste": translate("mood", "Paste"),
    }
    half, nearly = translate("mood", "half of the time"), translate("mood", "95 times of 100")
    plot = Spans(
        tuple(names[wait.stage] for wait in found.waits),
        tuple((wait.p50_ms, wait.p95_ms) for wait in found.waits),
        half,
        nearly,
    )
    header = (
        translate("mood", "Stage"),
        translate("mood", "Dictations"),
        translate("mood", "Half within (ms)"),
        translate("mood", "95 of 100 within (ms)"),
    )
    rows = tuple((names[wait.stage], str(wait.count), str(wait.p50_ms), str(wait.p95_ms)) for wait in found.waits)
    how = translate(
        "mood",
        "How long you wait once the key is up. Recognition runs while you speak, so it may take longer.",
    )
    if not found.waits:
        how = translate("mood", "No wait was measured in this time.")
    return Page("waiting", titles()[5], how, plot if found.waits else None, Table(header, rows))


def _of_emotion(name: str, title: str, how: str, caveats: str, plot: Plot, table: Table) -> Page:
    if not table.rows:
        return Page(name, title, caveats, None, table, emotion=True)
    expression = translate("mood", "An expression heard, not a feeling known.")
    return Page(name, title, words.together(how, expression, caveats), plot, table, emotion=True)


def _counts(of: str, tallies: Sequence[Tally], name: Callable[[Tally], str]) -> Table:
    rows = tuple((name(tally), *map(str, tally.kinds)) for tally in tallies)
    return Table((of, *(signs.named(kind) for kind in KINDS)), rows)


def _key(tally: Tally) -> str:
    return tally.key


def _unit(weekly: bool) -> str:
    return translate("mood", "Week from") if weekly else translate("mood", "Day")


def _span(days: Sequence[Tally]) -> int:
    return (date.fromisoformat(days[-1].key) - date.fromisoformat(days[0].key)).days


def _without_gaps(tallies: Sequence[Tally], step: timedelta) -> list[Tally]:
    """Return `tallies` in order, with empty ones for the missing days or weeks."""
    found = list(tallies[:1])
    for before, after in pairwise(tallies):
        day = date.fromisoformat(before.key) + step
        while day < date.fromisoformat(after.key):
            found.append(Tally(key=day.isoformat(), dictations=0))
            day += step
        found.append(after)
    return found


def _labels(days: Sequence[Tally]) -> tuple[str, ...]:
    def label(day: date) -> str:
        return QLocale().toString(QDate(day.year, day.month, day.day), translate("mood", "d MMM"))

    return tuple(label(date.fromisoformat(day.key)) for day in days)


def _signed(value: float | None) -> str:
    return "" if value is None else f"{value:+.2f}"


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}"


def _duration(seconds: float) -> str:
    hours, minutes = divmod(round(abs(seconds) / 60), 60)
    length = (
        translate("mood", "{0} h {1} min").format(f"{hours:,}", minutes)
        if hours
        else translate("mood", "{0} min").format(minutes)
    )
    return f"−{length}" if seconds < 0 and (hours or minutes) else length
