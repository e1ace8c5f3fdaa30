"""The lists of `meaning.toml` that several parts of the meaning guard use."""

from __future__ import annotations

from desktop.polish.guard.tokens import list_keys

QUESTION_WORDS = list_keys("asks")
QUESTION_VERBS = list_keys("verbs")
DETERMINER_KEYS = list_keys("determiners")
SENTENCE_STARTS = list_keys("starts")
UNFINISHED_ENDS = list_keys("hanging")
