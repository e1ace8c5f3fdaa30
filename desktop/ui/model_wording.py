"""Format sizes, speeds and ranks of models as text."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.app.model_cards import ModelCard
from desktop.app.model_downloads import ModelDownload
from desktop.core import engine_names
from desktop.core.messages import Message
from desktop.ui import i18n, wording

translate = QCoreApplication.translate

UNPROVED = Message("model-unproved")
MODEL_RANKS = 5
_BYTES_PER_MB = 1_000_000
_BYTES_PER_GB = 1_000_000_000
_MOST_LANGUAGES_NAMED = 4
_SPEED_RANKS = (2.0, 5.0, 10.0, 20.0)
"""Speeds, in times real time, from which one more bar is filled."""


def format_bytes(amount: int) -> str:
    """Return a number of bytes as text: 145 MB, 1.6 GB."""
    if amount >= _BYTES_PER_GB:
        return translate("models", "{0} GB").format(f"{amount / _BYTES_PER_GB:.1f}")
    return translate("models", "{0} MB").format(-(-amount // _BYTES_PER_MB))


def model_title(card: ModelCard) -> str:
    """Return the model's title."""
    return engine_names.model_title(card.name) if card.kind == "speech" else card.name


def model_facts(card: ModelCard) -> str:
    """Return size, memory, languages and licence of the model, in one line."""
    facts = (
        format_bytes(card.bytes),
        translate("models", "about {0} of memory").format(format_bytes(card.memory_mb * _BYTES_PER_MB)),
        model_languages(card),
        card.licence,
    )
    return "  ·  ".join(facts)


def model_languages(card: ModelCard) -> str:
    """Return the languages of the model."""
    if not card.languages:
        return translate("models", "many languages")
    if len(card.languages) == 1:
        return translate("models", "{0} only").format(wording.language_names(card.languages))
    if len(card.languages) <= _MOST_LANGUAGES_NAMED:
        return wording.language_names(card.languages)
    return translate("models", "{0} languages").format(len(card.languages))


def unproved_text(card: ModelCard) -> str:
    """Return that this project has not run the model, empty where it has."""
    return "" if card.is_proved else i18n.message_text(UNPROVED)


def offer_text(card: ModelCard) -> str:
    """Return why the model may be better here, with what is not known of it; empty where it is not offered."""
    if card.offer is None:
        return ""
    return i18n.message_text((card.offer,) if card.is_proved else (card.offer, UNPROVED))


def about_text(card: ModelCard) -> str:
    """Return what else is to be said of the model: why it is offered, whether it is proved, and who made it."""
    return "\n".join(filter(None, (offer_text(card) or unproved_text(card), card.attribution)))


def accuracy_text(rank: int) -> str:
    """Return the accuracy of a rank from 1 to 5; 0 is unknown."""
    names = (
        translate("models", "not known"),
        translate("models", "lowest"),
        translate("models", "fair"),
        translate("models", "good"),
        translate("models", "very good"),
        translate("models", "best"),
    )
    return names[rank]


def speed_text(card: ModelCard) -> str:
    """Return the model's speed on this machine."""
    if card.speed is None:
        return translate("models", "not measured yet")
    if card.speed < 1:
        return translate("models", "slower than speech")
    return translate("models", "{0} times speech").format(
        f"{card.speed:.1f}" if card.speed < 10 else f"{card.speed:.0f}"
    )


def speed_rank(card: ModelCard) -> int:
    """Return the speed as a rank from 1 to 5, 0 when unknown."""
    return 0 if card.speed is None else 1 + sum(card.speed >= least for least in _SPEED_RANKS)


def time_left_text(seconds: float) -> str:
    """Return a duration: 27 s, 4 min, 1 h 5 min."""
    whole = max(1, round(seconds))
    if whole < 90:
        return translate("models", "{0} s").format(whole)
    minutes = round(whole / 60)
    if minutes < 90:
        return translate("models", "{0} min").format(minutes)
    return translate("models", "{0} h {1} min").format(*divmod(minutes, 60))


def download_progress(download: ModelDownload) -> str:
    """Return a download's progress, speed and time left."""
    amount = translate("models", "{0} of {1}").format(format_bytes(download.done), format_bytes(download.total))
    if download.verifying:
        return translate("models", "Checking every byte")
    if download.paused:
        return translate("models", "Paused at {0}").format(amount)
    if not download.done and not download.bytes_s:
        return translate("models", "Looking for it")
    speed = translate("models", "{0} MB/s").format(f"{download.bytes_s / _BYTES_PER_MB:.1f}")
    seconds_left = download.remaining_s
    time_left = translate("models", "{0} left").format(time_left_text(seconds_left)) if seconds_left is not None else ""
    return "  ·  ".join(filter(None, (amount, speed, time_left)))
