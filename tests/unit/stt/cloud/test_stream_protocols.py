"""The protocols of the streaming services without a network: what is sent, and which words come of what is told."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.text import join_texts
from desktop.core.types import RATE_HZ
from desktop.network.provider_models import find_provider_model
from desktop.stt.cloud.deepgram_flux import FORCE_MESSAGE, FluxProtocol
from desktop.stt.cloud.deepgram_nova import CLOSE_MESSAGE, FINALIZE_MESSAGE, NovaProtocol
from desktop.stt.cloud.deepgram_streaming import build_flux_query, build_nova_query
from desktop.stt.cloud.openai_realtime import (
    COMMIT_MESSAGE,
    MAX_CHARACTERS,
    MAX_ITEMS,
    TRANSCRIPTION_PREFIX,
    RealtimeProtocol,
    build_session,
)
from desktop.stt.cloud.pcm_buffer import seconds_to_bytes
from desktop.stt.cloud.request import CloudRequest
from desktop.stt.cloud.streaming_protocol import StreamedText, StreamingProtocol, StreamingServiceError

words = st.lists(st.sampled_from(["one", "two", "three", "four", "five"]), min_size=1, max_size=4).map(" ".join)


def tell(talk: StreamingProtocol, **event: Any) -> None:
    talk.handle_message(json.dumps(event))


def tell_all(talk: StreamingProtocol, events: Iterable[dict[str, Any]]) -> None:
    for event in events:
        tell(talk, **event)


def result(start: float, duration: float, text: str, **flags: bool) -> dict[str, Any]:
    channel = {"alternatives": [{"transcript": text, "confidence": 0.9, "words": []}]}
    return {
        "type": "Results",
        "channel_index": [0, 1],
        "start": start,
        "duration": duration,
        "channel": channel,
    } | flags


def nova(sound_s: float) -> NovaProtocol:
    talk = NovaProtocol("wss://example.org/v1/listen")
    talk.audio_messages(bytes(seconds_to_bytes(sound_s)))
    return talk


def flux(sound_s: float) -> FluxProtocol:
    talk = FluxProtocol("wss://example.org/v2/listen")
    talk.audio_messages(bytes(seconds_to_bytes(sound_s)))
    return talk


def turn(event: str, index: int, until_s: float, text: str) -> dict[str, Any]:
    return {"type": "TurnInfo", "event": event, "turn_index": index, "audio_window_end": until_s, "transcript": text}


def realtime(sound_s: float = 0.0) -> RealtimeProtocol:
    talk = RealtimeProtocol("wss://example.org/v1/realtime", {"model": "gpt-live-transcribe", "languages": ["en"]})
    talk.audio_messages(bytes(seconds_to_bytes(sound_s)))
    return talk


@given(st.lists(st.tuples(st.booleans(), words), max_size=12))
def test_nova_text_is_its_finals_in_order(stream: list[tuple[bool, str]]) -> None:
    talk, at = nova(len(stream) + 1.0), 0.0
    for final, text in stream:
        tell(talk, **result(at, 1.0, text, is_final=final, speech_final=False))
        at += final
    finals = [text for final, text in stream if final]
    assert talk.result.settled == join_texts(finals)
    assert talk.result.settled_s == len(finals)
    guess = stream[-1][1] if stream and not stream[-1][0] else ""
    assert talk.result.text == join_texts([*finals, guess])


def test_a_guess_at_what_is_final_already_is_old() -> None:
    talk = nova(3.0)
    tell(talk, **result(0.0, 2.0, "one two", is_final=True))
    tell(talk, **result(0.5, 1.0, "won too", is_final=False))
    assert talk.result.text == "one two"


def test_nova_is_done_at_finalize_or_final_at_the_end() -> None:
    said, reached = nova(2.0), nova(2.0)
    for talk in (said, reached):
        tell(talk, **result(0.0, 1.5, "one", is_final=True))
        assert next(talk.ending_messages())[0] == FINALIZE_MESSAGE
        assert not talk.is_done
    tell(said, **result(1.5, 0.1, "two", is_final=True, from_finalize=True))
    tell(reached, **result(1.5, 0.5, "two", is_final=True))
    assert [said.is_done, reached.is_done] == [True, True]
    assert said.result.text == reached.result.text == "one two"


def test_nova_without_finalize_ends_with_metadata() -> None:
    talk = nova(2.0)
    (first, wait_s), (second, _) = talk.ending_messages()
    assert (first, second) == (FINALIZE_MESSAGE, CLOSE_MESSAGE)
    assert 0 < wait_s < 1.5
    tell(talk, **result(0.0, 1.0, "one", is_final=True))
    assert not talk.is_done
    assert not talk.handle_close(), "words may be missing"
    tell(talk, type="Metadata", duration=2.0, channels=1)
    assert talk.is_done


def test_a_pause_before_the_end_is_no_end() -> None:
    talk = nova(2.0)
    tell(talk, **result(0.0, 1.0, "one", is_final=True, speech_final=True, from_finalize=True))
    tell(talk, type="Metadata", duration=2.0, channels=1)
    assert not talk.is_done


@given(st.lists(words, min_size=1, max_size=5))
def test_fluxs_text_is_that_of_all_its_turns(turns: list[str]) -> None:
    talk = flux(float(len(turns)))
    for index, text in enumerate(turns[:-1]):
        tell(talk, **turn("Update", index, index + 0.5, text.split()[0]))
        tell(talk, **turn("EndOfTurn", index, index + 1.0, text))
    last = len(turns) - 1
    tell(talk, **turn("Update", last, last + 0.5, "five"))
    assert talk.result.text == join_texts([*turns[:-1], "five"])
    assert talk.result.settled == join_texts(turns[:-1])
    assert next(talk.ending_messages())[0] == FORCE_MESSAGE
    assert not talk.is_done
    tell(talk, **turn("EndOfTurn", last, len(turns), turns[-1]))
    assert talk.is_done
    assert talk.result.text == talk.result.settled == join_texts(turns)


def test_flux_turn_ending_early_is_followed_by_rest() -> None:
    talk = flux(2.0)
    ending = talk.ending_messages()
    next(ending)
    tell(talk, **turn("EndOfTurn", 0, 1.5, "one two"))
    assert (talk.is_stuck, talk.is_done) == (True, False)
    assert next(ending)[0] == CLOSE_MESSAGE
    assert not talk.is_stuck
    tell(talk, **turn("Update", 1, 2.0, "three"))
    assert talk.handle_close()
    assert talk.is_done
    assert talk.result.text == "one two three"


def test_between_two_turns_nothing_is_waited_for() -> None:
    talk = flux(2.0)
    tell(talk, **turn("EndOfTurn", 0, 1.0, "one"))
    tell(talk, **turn("Update", 1, 2.0, ""))
    next(talk.ending_messages())
    assert talk.is_done


def test_a_flux_that_closes_unasked_has_lost_words() -> None:
    talk = flux(2.0)
    tell(talk, **turn("Update", 0, 1.0, "one"))
    assert not talk.handle_close()


def test_openai_session_opens_once_with_full_sound() -> None:
    talk = realtime()
    (update,) = (json.loads(message) for message in talk.opening_messages())
    heard = update["session"]["audio"]["input"]
    assert heard["turn_detection"] is heard["noise_reduction"] is None
    assert heard["format"] == {"type": "audio/pcm", "rate": 24000}
    assert heard["transcription"] == {"model": "gpt-live-transcribe", "languages": ["en"]}
    wave = (8000 * np.sin(np.arange(seconds_to_bytes(1.0) // 2) / 16_000 * 2 * np.pi * 440)).astype("<i2").tobytes()
    sent = [piece for start in range(0, len(wave), 2048) for piece in talk.audio_messages(wave[start : start + 2048])]
    sent += [message for message, _ in talk.ending_messages()]
    *appended, commit = map(json.loads, sent)
    assert commit == {"type": "input_audio_buffer.commit"}
    pcm = b"".join(base64.b64decode(event["audio"]) for event in appended)
    assert len(pcm) == talk.audio_bytes == 24_000 * 2
    spectrum = np.abs(np.fft.rfft(np.frombuffer(pcm, "<i2")))
    assert np.argmax(spectrum) == 440


def test_only_what_completes_our_item_is_the_text() -> None:
    talk = realtime(1.0)
    tell(talk, type="session.created", session={})
    tell(talk, type=f"{TRANSCRIPTION_PREFIX}delta", item_id="ours", content_index=0, delta="one tow")
    assert talk.result.text == "one tow"
    list(talk.ending_messages())
    tell(talk, type=f"{TRANSCRIPTION_PREFIX}completed", item_id="other", content_index=0, transcript="nonsense")
    tell(talk, type="input_audio_buffer.committed", item_id="ours", previous_item_id=None)
    assert not talk.is_done
    tell(
        talk, type=f"{TRANSCRIPTION_PREFIX}completed", item_id="ours", transcript="one two", languages=[{"code": "en"}]
    )
    assert talk.is_done
    assert talk.result.text == talk.result.settled == "one two"
    assert talk.result.language == "en"


def test_server_commits_are_joined_in_order() -> None:
    talk = realtime(1.0)
    for item in ("first", "second"):
        tell(talk, type="input_audio_buffer.committed", item_id=item)
    list(talk.ending_messages())
    tell(talk, type="error", error={"type": "invalid_request_error", "code": "input_audio_buffer_commit_empty"})
    for item, text in (("second", "two"), ("first", "one")):
        assert not talk.is_done
        tell(talk, type=f"{TRANSCRIPTION_PREFIX}completed", item_id=item, transcript=text)
    assert talk.is_done
    assert talk.result.text == "one two"


def spoken(duration_s: float) -> bytes:
    wave = 8000 * np.sin(np.arange(round(duration_s * RATE_HZ)) / RATE_HZ * 2 * np.pi * 440)
    return wave.astype("<i2").tobytes()


def test_long_dictation_commits_at_pauses_and_settles() -> None:
    talk = realtime()
    sound = spoken(20.0) + bytes(seconds_to_bytes(1.0)) + spoken(15.0) + bytes(seconds_to_bytes(1.0)) + spoken(1.0)
    sent = [
        message for start in range(0, len(sound), 2048) for message in talk.audio_messages(sound[start : start + 2048])
    ]
    commits = [place for place, message in enumerate(sent) if message == COMMIT_MESSAGE]
    assert len(commits) == 1
    at_s = commits[0] * 2048 / seconds_to_bytes(1.0)
    assert 36.3 < at_s < 37.0, "in the second pause: in the first too little was waiting"
    assert [message for message, _ in talk.ending_messages()][-1] == COMMIT_MESSAGE
    for item in ("first", "second"):
        tell(talk, type="input_audio_buffer.committed", item_id=item)
    tell(talk, type=f"{TRANSCRIPTION_PREFIX}delta", item_id="first", delta="on")
    tell(talk, type=f"{TRANSCRIPTION_PREFIX}completed", item_id="second", transcript="two")
    assert talk.result == StreamedText("on two")
    tell(talk, type=f"{TRANSCRIPTION_PREFIX}completed", item_id="first", transcript="one")
    assert talk.is_done
    assert talk.result == StreamedText("one two", "one two", 38.0)


def test_completed_text_settles_up_to_its_commit() -> None:
    talk = realtime()
    for piece in (spoken(31.0), bytes(seconds_to_bytes(0.5)), spoken(2.0)):
        talk.audio_messages(piece)
    tell(talk, type="input_audio_buffer.committed", item_id="first")
    tell(talk, type=f"{TRANSCRIPTION_PREFIX}completed", item_id="first", transcript="one")
    tell(talk, type=f"{TRANSCRIPTION_PREFIX}delta", item_id="second", delta="two")
    assert talk.result == StreamedText("one two", "one", 31.5)


@pytest.mark.parametrize(
    ("code", "status"), [("insufficient_quota", 402), ("rate_limit_exceeded", 429), ("server_error", 500), ("odd", 400)]
)
def test_own_failure_is_trouble_and_foreign_is_not(code: str, status: int) -> None:
    talk = realtime()
    tell(talk, type="input_audio_buffer.committed", item_id="ours")
    tell(talk, type=f"{TRANSCRIPTION_PREFIX}failed", item_id="other", error={"code": code})
    for event in ({"type": f"{TRANSCRIPTION_PREFIX}failed", "item_id": "ours"}, {"type": "error"}):
        with pytest.raises(StreamingServiceError) as raised:
            tell(talk, **event, error={"code": code, "message": "No."})
        assert (raised.value.status, raised.value.message) == (status, "No.")


@pytest.mark.parametrize("begin", [lambda: nova(1.0), lambda: flux(1.0), realtime])
@pytest.mark.parametrize("message", ["{", "[]", '{"type": "Results", "is_final": true}', '{"kind": 1}'])
def test_what_makes_no_sense_is_a_value_error(begin: Callable[[], StreamingProtocol], message: str) -> None:
    talk = begin()
    if message.startswith('{"type"') and not isinstance(talk, NovaProtocol):
        talk.handle_message(message)  # not a message of theirs
        return
    with pytest.raises(ValueError, match=r"."):
        talk.handle_message(message)


def test_deepgrams_errors_are_ours_or_theirs() -> None:
    for talk, event, status in (
        (nova(1.0), {"variant": "SchemaError", "description": "No."}, 400),
        (nova(1.0), {"variant": "NET-0001", "description": "No."}, 500),
        (flux(1.0), {"code": "UNPARSABLE_CLIENT_MESSAGE", "description": "No."}, 400),
        (flux(1.0), {"code": "INTERNAL_SERVER_ERROR", "description": "No."}, 500),
    ):
        with pytest.raises(StreamingServiceError) as raised:
            tell(talk, type="Error", **event)
        assert (raised.value.status, raised.value.message) == (status, "No.")


@pytest.mark.parametrize(
    ("model", "languages", "words", "wanted"),
    [
        ("gpt-live-transcribe", ("en", "zh"), ("Intone",), {"languages": ["en", "zh"], "keywords": ["Intone"]}),
        ("gpt-live-transcribe", (), ("<b>", "a\nb"), {}),
        ("gpt-realtime-whisper", ("en",), ("Intone",), {"language": "en"}),
        ("gpt-realtime-whisper", ("en", "zh"), (), {}),
        ("somebody's own", ("en",), ("Intone", "Kubernetes"), {"language": "en", "prompt": "Intone, Kubernetes"}),
    ],
)
def test_openais_models_are_asked_only_what_they_take(
    model: str, languages: tuple[str, ...], words: tuple[str, ...], wanted: dict[str, Any]
) -> None:
    asked = build_session(model, find_provider_model("openai-live", model), CloudRequest(model, languages, words))
    assert asked == {"model": model, **wanted}


@pytest.mark.parametrize(
    ("model", "languages", "wanted"),
    [
        ("nova-3", ("en",), [("language", "en"), ("keyterm", "Intone"), ("keyterm", "Bar Baz")]),
        ("nova-3", ("en", "es"), [("language", "multi"), ("keyterm", "Intone"), ("keyterm", "Bar Baz")]),
        ("nova-3", (), [("language", "multi"), ("keyterm", "Intone"), ("keyterm", "Bar Baz")]),
        ("nova-2", ("en",), [("language", "en")]),
    ],
)
def test_nova_is_asked_for_a_language_or_for_any(model: str, languages: tuple[str, ...], wanted: list[Any]) -> None:
    asked = build_nova_query(CloudRequest(model, languages, ("Intone", "Bar Baz")))
    assert [pair for pair in asked if pair[0] in ("language", "keyterm")] == wanted
    told = dict(asked)
    assert (told["model"], told["interim_results"], told["endpointing"], told["mip_opt_out"]) == (
        model, "true", "300", "true",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("model", "hints"),
    [("flux-general-en", []), ("flux-general-multi", [("language_hint", "en"), ("language_hint", "es")])],
)
def test_flux_ends_no_turn_and_gets_known_languages(model: str, hints: list[Any]) -> None:
    asked = build_flux_query(CloudRequest(model, ("en", "es"), ("Intone",)))
    assert [pair for pair in asked if pair[0] == "language_hint"] == hints
    assert ("eot_threshold", "1.0") in asked
    assert asked[-1] == ("keyterm", "Intone")


@pytest.mark.parametrize("kind", ["delta", "completed", "committed"])
def test_items_and_words_without_end_make_no_sense(kind: str) -> None:
    long, many = RealtimeProtocol("wss://example.org", {}), RealtimeProtocol("wss://example.org", {})
    name = "input_audio_buffer.committed" if kind == "committed" else f"{TRANSCRIPTION_PREFIX}{kind}"
    some = "word " * 10_000
    told = {"type": name, "item_id": some if kind == "committed" else "a", "delta": some, "transcript": some}
    with pytest.raises(ValueError, match="without end"):
        tell_all(long, [told] * (MAX_CHARACTERS // len(some) + 1))
    with pytest.raises(ValueError, match="without end"):
        tell_all(many, ({"type": name, "item_id": str(number)} for number in range(MAX_ITEMS + 2)))
    assert many.result.text == ""
