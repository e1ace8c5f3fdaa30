"""What models accept and cost, and which is asked when one's end has come."""

from __future__ import annotations

from datetime import date

import pytest

from desktop.core.errors import RecognizerError
from desktop.network.provider_models import estimate_cost_usd, find_provider_model, parse_listing, recommend_model
from desktop.stt.cloud.request import filter_keywords, limit_keyterms, to_iso_codes

END = date(2027, 2, 26)


@pytest.mark.parametrize(
    ("engine", "model", "language", "keywords", "prompt", "price"),
    [
        ("openai", "gpt-transcribe", "plural", True, True, 0.0045),
        ("openai", "gpt-4o-transcribe", "singular", False, True, 0.006),
        ("openai", "gpt-4o-mini-transcribe-2025-12-15", "singular", False, True, 0.003),
        ("openai", "gpt-4o-transcribe-diarize", "singular", False, False, 0.006),
        ("openai", "whisper-1", "singular", False, True, 0.006),
        ("openai", "gpt-7-transcribe", "singular", False, True, None),
        ("openai-live", "gpt-live-transcribe", "plural", True, True, 0.017),
        ("openai-live", "gpt-realtime-whisper", "singular", False, False, 0.017),
        ("deepgram", "nova-3-medical", "none", True, False, 0.0043),
        ("deepgram", "nova-2", "none", False, False, None),
        ("deepgram-live", "nova-3", "none", True, False, 0.0048),
        ("deepgram-live", "flux-general-multi", "none", True, False, 0.0065),
        ("compatible", "whisper-1", "singular", False, True, None),
    ],
)
def test_each_model_is_asked_in_its_own_way(
    engine: str, model: str, language: str, keywords: bool, prompt: bool, price: float | None
) -> None:
    told = find_provider_model(engine, model)
    assert (told.language, told.keywords, told.prompt, told.usd_per_min) == (language, keywords, prompt, price)


def test_a_minute_costs_what_the_price_list_says() -> None:
    assert estimate_cost_usd(find_provider_model("openai", "gpt-transcribe"), 90) == 0.00675
    assert estimate_cost_usd(find_provider_model("compatible", "base"), 90) is None


def test_no_model_is_recommended_whose_end_has_come() -> None:
    today = date(2026, 11, 25)
    assert recommend_model("openai", {}, today) == "gpt-transcribe"
    assert recommend_model("openai", {"gpt-transcribe": today}, today) == "gpt-4o-transcribe"
    told = {"gpt-transcribe": END, "gpt-4o-transcribe": date(2028, 1, 1)}
    assert recommend_model("openai", told, END) == "gpt-4o-transcribe", "what the service says goes before the table"
    assert recommend_model("openai-live", {"gpt-live-transcribe": today}, today) == "gpt-transcribe"
    with pytest.raises(RecognizerError, match=r"intone settings set engines\.openai_live\.model NAME$"):
        recommend_model(
            "openai-live", dict.fromkeys(["gpt-live-transcribe", "gpt-transcribe", "gpt-realtime-whisper"], END), END
        )


def test_a_listing_tells_what_ends() -> None:
    told = b"""{"object": "list", "data": [
        {"id": "a", "object": "model", "shutdown_date": "2027-02-26"}, {"id": "b", "shutdown_date": 1803600000},
        {"id": "c", "shutdown_date": null}, {"id": "d"}, {"id": "e", "shutdown_date": "soon"}]}"""
    found = parse_listing(told)
    assert found.names == ("a", "b", "c", "d", "e")
    assert found.shutdowns == {"a": END, "b": END}
    assert parse_listing(b"<html>").names == parse_listing(b"[]").names == ()


def test_words_and_languages_fit_each_service() -> None:
    assert to_iso_codes(("en", "yue", "zh", "jw", "haw")) == ("en", "zh", "jv")
    assert filter_keywords(("Intone", "a<b", "two\nlines", "Kubernetes")) == ["Intone", "Kubernetes"]
    assert limit_keyterms(("Intone", "New York")) == ["Intone", "New York"]
    assert 0 < len(limit_keyterms(["Kubernetes"] * 400)) < 400
