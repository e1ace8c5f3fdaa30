"""Mood and numbers: what the history says when it is added up, for the window and for `intone history stats`.

It is SQL over `history.figures`, grouped, so that no dictation's words are read to draw a curve, and nothing is kept of
what is added up: every number is made anew from the dictations that are there. What was deleted counts no more.
"""

from desktop.insights.asking import insights
from desktop.insights.numbers import KINDS, TYPING_WPM, UNSURE, Insights, Tally, Wait, by_week

__all__ = ["KINDS", "TYPING_WPM", "UNSURE", "Insights", "Tally", "Wait", "by_week", "insights"]
