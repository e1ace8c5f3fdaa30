"""What of the frozen surface was changed on purpose: each entry is read in a review.

A line is named as it stands in the JSON file. The files keep the old lines; these tables say what became of them.
"""

from __future__ import annotations

REWORDED: dict[str, str] = {
    "Private mode is off, and no application is excluded.": (
        "Private mode is off, no application is excluded, and no service is used."
    ),
    "zh_CN: 私密模式已关闭，且没有排除任何应用程序。": (
        "zh_CN: 私密模式已关闭，没有排除任何应用程序，也不使用任何服务。"
    ),
    "What was in force before still is.": "{0} What was in force before still is.",
    "zh_CN: 之前的设置继续有效。": "zh_CN: {0}之前的设置继续有效。",
    "{0} is gone or empty. What was in force before still is.": "{0} is gone or empty.",
    "zh_CN: {0} 已不存在或为空。之前的设置继续有效。": "zh_CN: {0} 已不存在或为空。",
}
"""Each line, or name of a section, that is worded anew or has another value, and what it is now."""

REMOVED: frozenset[str] = frozenset({"The defaults are used."})  # said with the reason, as one sentence
"""Lines, or whole sections, that are gone."""

RENAMED_FILES = {
    "catalogue.toml": "catalog.toml",
    "offers.toml": "provider_models.toml",
    "scratching.toml": "scratch.toml",
}
"""Packaged files that bear the old name or the new one."""
