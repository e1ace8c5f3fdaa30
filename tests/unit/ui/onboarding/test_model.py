"""The first run's page of the model, and what a person who comes again finds there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QAbstractButton

from desktop.core.errors import UserError
from desktop.core.messages import Message
from desktop.core.state import AppState, DownloadStatus, Health
from desktop.ui.onboarding.model import ModelStep
from desktop.ui.onboarding.window import OnboardingWindow
from tests.support.ui.first_steps import COMING, WELL, Card, Machine, at, texts
from tests.unit.ui.conftest import Engine


def test_a_better_model_comes_once_one_has_gone_on(
    first_run: OnboardingWindow, machine: Machine, engine: Engine
) -> None:
    machine.advised = Card()
    first_run.draw(AppState(health=WELL))
    page = at(first_run, ModelStep)
    assert page.better_button.text() == "Whisper small, the best for this machine: 486 MB"
    assert engine.asked == []
    first_run.go_forward()
    assert engine.asked == ["set recognizer.model small"]
    first_run.draw(AppState(health=replace(WELL, progress=COMING)))
    assert "Whisper small is downloading: 62 of 486 MB." in texts(first_run)


def test_model_for_the_language_says_why_and_who_made_it(first_run: OnboardingWindow, machine: Machine) -> None:
    offer = Message("offer-english", name="Moonshine base")
    machine.advised = Card(
        "moonshine-base",
        bytes=77_476_480,
        memory_mb=200,
        languages=("en",),
        offer=offer,
        attribution="By AI.",
    )
    first_run.draw(AppState(health=WELL))
    page = at(first_run, ModelStep)
    assert page.better_button.text() == "Moonshine base, the best for this machine: 78 MB"
    words = page._cost_label.text()
    assert "In short English dictations Moonshine base makes fewer mistakes than Whisper base" in words
    assert "English only  ·  MIT  ·  By AI." in words
    assert page._other_label.isHidden()


def test_unproved_model_is_named_and_not_chosen(first_run: OnboardingWindow, machine: Machine, engine: Engine) -> None:
    machine.advised = Card("base")
    first_run.draw(AppState(health=WELL))
    page = at(first_run, ModelStep)
    offer = Message("offer-large-english", name="Parakeet Unified")
    page._show_unproved([Card("parakeet-unified", is_proved=False, offer=offer)])
    assert "This project has not proved it yet" in page._other_label.text()
    assert "in the settings, under Models" in page._other_label.text()
    less_sure = Card("canary-180m", is_proved=False, offer=Message("offer-gpu", name="Canary 180M"), offer_rank=1)
    page._show_unproved([less_sure, Card("parakeet-unified", is_proved=False, offer=offer)])
    assert "Parakeet Unified is said" in page._other_label.text()
    first_run.go_forward()
    assert engine.asked == []


def test_first_model_on_its_way_is_not_offered_beside_itself(first_run: OnboardingWindow, machine: Machine) -> None:
    machine.advised = Card("moonshine-base")
    coming = DownloadStatus("Moonshine base", 1, 2)
    first_run.draw(AppState(health=Health(engine_name="whisper", progress=coming)))
    page = at(first_run, ModelStep)
    assert page.offer_card.isHidden()


def test_small_model_kept_or_rest_skipped_sets_nothing(
    first_run: OnboardingWindow, machine: Machine, engine: Engine
) -> None:
    machine.advised = Card()
    first_run.draw(AppState(health=WELL))
    page = at(first_run, ModelStep)
    assert page.small_button.text() == "Stay with Whisper base"
    page.small_button.click()
    first_run.go_forward()
    first_run.go_back()
    page.better_button.click()
    first_run.close()
    assert engine.asked == []


def test_staying_with_small_model_stops_automatic_one(
    first_run: OnboardingWindow, machine: Machine, engine: Engine
) -> None:
    machine.advised = Card("large-v3-turbo")
    first_run.draw(AppState(health=replace(WELL, progress=DownloadStatus("Whisper large-v3-turbo", 1, 2))))
    page = at(first_run, ModelStep)
    page.small_button.click()
    first_run.go_forward()
    assert engine.asked == ["set recognizer.model base"]


def test_service_chosen_offers_no_model(first_run: OnboardingWindow, machine: Machine) -> None:
    machine.advised = Card()
    first_run.draw(AppState(health=Health(engine_loaded=True, engine_name="openai")))
    page = at(first_run, ModelStep)
    assert page.offer_card.isHidden()
    assert "OpenAI is ready." in texts(page)


@pytest.mark.parametrize(
    "advised", [None, UserError("reported-message", title="No disk.", advice=""), Card("base", installed=True)]
)
def test_nothing_is_offered_where_the_best_is_in_use(first_run: OnboardingWindow, machine: Machine, advised) -> None:
    machine.advised = advised
    first_run.draw(AppState(health=WELL))
    page = at(first_run, ModelStep)
    assert page.offer_card.isHidden()
    assert "Whisper base is ready." in texts(page)


def test_automatic_model_not_offered_before_loaded(
    first_run: OnboardingWindow, machine: Machine, engine: Engine
) -> None:
    machine.advised = Card("base")
    page = at(first_run, ModelStep)
    first_run.draw(AppState(health=Health(engine_name="whisper")))
    assert page.offer_card.isHidden()
    first_run.go_forward()
    assert engine.asked == []


def test_how_far_the_model_is_is_said(first_run: OnboardingWindow) -> None:
    page = at(first_run, ModelStep)
    first_run.draw(AppState(health=Health(progress=DownloadStatus("Whisper base", 1_000_000, 145_000_000))))
    assert "Whisper base is downloading: 1 of 145 MB. What you say until then is kept" in texts(page)
    first_run.draw(AppState(health=replace(WELL, progress=COMING)))
    assert "You can dictate already, with Whisper base. Whisper small is downloading" in texts(page)
    first_run.draw(
        AppState(
            health=Health(
                engine=UserError("reported-message", title="The hub is not reached.", advice="Check the network.")
            )
        )
    )
    assert "The hub is not reached. Check the network." in texts(page)


def test_a_service_is_chosen_in_the_settings(first_run: OnboardingWindow, engine: Engine) -> None:
    page = at(first_run, ModelStep)
    next(button for button in page.findChildren(QAbstractButton) if "service" in button.text()).click()
    assert engine.asked == ["open settings"]
