# ruff: noqa: E501 -- a table
"""The verdict over what was measured: whose fault it is, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from desktop.core.messages import Message
from desktop.doctor.network.measurement import (
    ConnectionTimes,
    NetworkFailure,
    ResponseFacts,
    ServiceMeasurement,
    Stage,
    StatusPage,
    UploadRate,
    WebSocketTimes,
    parse_headers,
)
from desktop.doctor.network.upload import compute_rate
from desktop.doctor.network.verdict import judge_all
from desktop.network.timing import ExchangeTiming

WAY = ConnectionTimes(dns_s=0.004, tcp_s=0.02, tls_s=0.04, tls_version="TLSv1.3", alpn="h2", issuer="Example Trust")
FINE = ServiceMeasurement(
    name="openai",
    host="api.openai.com",
    service_name="OpenAI",
    connection=WAY,
    usual_http="HTTP/2",
    http="HTTP/2",
    cold=ExchangeTiming(0.02, 0.04, 0.001, 0.06, 0.001, 0.12, "HTTP/2"),
    warm=ExchangeTiming(None, None, 0.001, 0.061, 0.001, 0.063, "HTTP/2"),
)


def failed(stage: Stage, title: str, advice: str = "", **facts: Any) -> NetworkFailure:
    """A failure with any words."""
    return NetworkFailure(stage, Message("reported-message", title=title, advice=advice), **facts)


def slow(wait_s: float, **changes: object) -> ServiceMeasurement:
    return replace(FINE, warm=ExchangeTiming(None, None, 0.001, wait_s, 0.001, wait_s, "HTTP/2"), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("measured", "whose", "says"),
    [
        (FINE, "app", "api.openai.com answers in 61 ms on a kept connection"),
        (replace(FINE, connection=replace(WAY, dns_s=0.85)), "network", "looking api.openai.com up took 850 ms. Use"),
        (replace(FINE, connection=replace(WAY, tcp_s=0.23)), "network", "a round trip to api.openai.com takes 230 ms. It"),
        (replace(FINE, connection=replace(WAY, tls_s=0.5)), "network", "the encryption with api.openai.com took 500"),
        (replace(FINE, connection=replace(WAY, unanswered_addresses=1)), "network", "1 of the addresses of api.openai.com did not answer"),
        (
            replace(FINE, http="HTTP/1.1", connection=replace(WAY, issuer="Scanner Inc")),
            "network",
            "something in between speaks HTTP/1.1 in place of api.openai.com, with a certificate of Scanner Inc",
        ),
        (replace(FINE, http="HTTP/1.1", connection=replace(WAY, issuer="")), "network", "in place of api.openai.com. Have the proxy"),
        (replace(FINE, http="HTTP/1.1", offered_http="1.1"), "app", "answers in 61 ms"),
        (
            replace(FINE, failure=failed(Stage.ENCRYPT, "The certificate of api.openai.com is not trusted.", "Why?")),
            "network",
            "It is your network: The certificate of api.openai.com is not trusted. Why?",
        ),
        (replace(FINE, failure=failed(Stage.NAME, "api.openai.com was not found.")), "network", "was not found."),
        (replace(FINE, failure=failed(Stage.CONNECT, "Nothing answers.", refused=True)), "service", "Nothing answers."),
        (replace(FINE, failure=failed(Stage.CONNECT, "It cannot be reached.")), "network", "It cannot be reached."),
        (replace(FINE, failure=failed(Stage.KEY, "There is no key.")), "account", "It is your account: There is no"),
        (replace(FINE, failure=failed(Stage.REQUEST, "The key is bad.", status=401)), "account", "The key is bad."),
        (replace(FINE, failure=failed(Stage.REQUEST, "Out of credit.", status=429)), "account", "Out of credit."),
        (replace(FINE, failure=failed(Stage.REQUEST, "No such address.", status=404)), "settings", "No such address."),
        (replace(FINE, failure=failed(Stage.REQUEST, "Their problem.", status=503)), "service", "Their problem."),
        (replace(FINE, failure=failed(Stage.REQUEST, "It broke.")), "service", "It broke."),
        (replace(FINE, facts=ResponseFacts(skew_s=-300.0)), "network", "this computer's clock is 300 s behind"),
        (replace(FINE, facts=ResponseFacts(skew_s=-2.0)), "app", "answers"),
        (replace(FINE, facts=ResponseFacts(exhausted_limits=("requests",))), "account", "of its limit on requests nothing is left"),
        (replace(FINE, facts=ResponseFacts(exhausted_limits=("requests", "tokens"))), "account", "on requests and tokens nothing"),
        (slow(0.9), "service", "took 900 ms to answer what needs no work, and the way there and back 20 ms. Wait"),
        (slow(0.9, facts=ResponseFacts(processing_s=0.8)), "service", "took 900 ms"),
        (slow(0.9, facts=ResponseFacts(processing_s=0.01)), "network", "it says that it worked for 10 ms. Something in between"),
        (
            slow(0.9, status_page=StatusPage("minor", "Partial degradation")),
            "service",
            "OpenAI says of itself: Partial degradation. Wait, or",
        ),
        (replace(FINE, status_page=StatusPage("minor", "Partial degradation")), "app", "answers in 61 ms"),
        (replace(FINE, status_page=StatusPage("major", "Outage")), "service", "OpenAI is in trouble. OpenAI says of itself: Outage"),
        (replace(FINE, upload=UploadRate(320_000, 200_000, at_least=False)), "network", "the upload runs at 200 kbit/s"),
        (replace(FINE, upload=UploadRate(320_000, 200_000, at_least=True)), "app", "answers"),
        (replace(FINE, warm=None, websocket=WebSocketTimes(0.02, 0.08, 0.6)), "service", "took 600 ms"),
        (replace(FINE, warm=None, websocket=WebSocketTimes(0.02, 0.08, 0.03)), "app", "answers in 30 ms"),
    ],
)  # fmt: skip
def test_verdict_names_first_fault_on_the_way(measured: ServiceMeasurement, whose: str, says: str) -> None:
    found = judge_all([measured])
    assert (found.owner, found.usable) == (whose, measured.failure is None)
    assert says in str(found.message)


def test_verdict_unusable_before_slow_before_fine() -> None:
    far = replace(FINE, connection=replace(WAY, tcp_s=0.3))
    ill = replace(FINE, failure=failed(Stage.REQUEST, "Their problem.", status=500))
    assert judge_all([FINE, far, ill]).owner == "service"
    assert judge_all([FINE, far]).owner == "network"


def test_long_prompts_are_this_apps_fault() -> None:
    assert judge_all([FINE], {"polish": 200, "emotion": 150}) == judge_all([FINE])
    assert "the prompts have 1600 tokens" in str(judge_all([FINE], {"polish": 100, "emotion": 1500}).message)


def test_answer_headers_tell_queue_limits_and_clock() -> None:
    found = parse_headers(
        {
            "openai-processing-ms": "123",
            "x-ratelimit-remaining-requests": "0",
            "x-ratelimit-remaining-tokens": "14999",
            "retry-after": "7",
            "date": "Wed, 25 Nov 2026 12:00:00 GMT",
            "set-cookie": "secret",
        },
        datetime(2026, 11, 25, 12, 2, 0, 500_000, UTC),
    )
    assert found.processing_s == 0.123
    assert (found.exhausted_limits, found.retry_after_s, found.skew_s) == (("requests",), 7.0, 120.0)
    assert "set-cookie" not in found.headers
    assert parse_headers({"date": "yesterday", "openai-processing-ms": "-"}, datetime.now(UTC)) == ResponseFacts(
        {"openai-processing-ms": "-"}
    )


def test_upload_rate_excludes_known_service_time() -> None:
    phases = ExchangeTiming(None, None, 1.0, 0.6, 0.0, 1.7, "HTTP/1.1")
    assert compute_rate(250_000, phases, ResponseFacts(processing_s=0.5), 0.1) == UploadRate(
        250_000, 2_000_000, at_least=False
    )
    assert compute_rate(250_000, replace(phases, http="HTTP/2"), ResponseFacts(), 0.1) == UploadRate(
        250_000, 2_000_000, at_least=False
    )
    least = compute_rate(250_000, phases, ResponseFacts(), 0.1)
    assert least is not None
    assert least.at_least
    assert least.bit_s == pytest.approx(2_000_000 / 1.5)
    assert compute_rate(250_000, ExchangeTiming(), ResponseFacts(), 0.1) is None
