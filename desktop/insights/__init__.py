"""Compute the statistics of the history, for the window and for `intone history stats`.

They are grouped SQL queries on `figures`, so that no dictation's text is read to draw a curve, and no sum is stored:
every number is computed from the existing dictations. Deleted ones no longer count.
"""

from desktop.insights.asking import insights
from desktop.insights.numbers import KINDS, TYPING_WPM, UNSURE, Insights, Tally, Wait, by_week

__all__ = ["KINDS", "TYPING_WPM", "UNSURE", "Insights", "Tally", "Wait", "by_week", "insights"]
