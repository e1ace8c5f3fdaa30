"""Turn failures of services and connections into `ServiceError`s with a remedy.

The one place that translates exceptions of httpx2, websockets, ssl and the system, and invalid answers. A wrong clock
makes every certificate invalid, an empty account answers like a rate limit, and a name that is not found mostly means
no network; they are distinguished, because their remedies differ.
"""

from __future__ import annotations

import json
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx2
from websockets.exceptions import (
    ConnectionClosed,
    InvalidHandshake,
    InvalidProxyStatus,
    InvalidStatus,
    ProxyError,
    WebSocketException,
)

from desktop.core.errors import ServiceProblem
from desktop.core.visible import visible
from desktop.network.endpoint import Service
from models.proxy import SYSTEM, proxy_to

CREDIT = ("insufficient_quota", "billing_hard_limit_reached", "INSUFFICIENT_CREDITS", "ASR_PAYMENT_REQUIRED")
"""Codes of OpenAI and Deepgram for an account that is out of credit."""

AGAIN = "What you said is kept. Try again in a moment."
"""The remedy for temporary failures."""


@contextmanager
def problems(service: Service) -> Iterator[None]:
    """Turn what goes wrong between us and `service` into a `ServiceError`; every other exception is a bug."""
    try:
        yield
    except (httpx2.HTTPError, httpx2.InvalidURL, WebSocketException, OSError, EOFError) as error:
        raise explained(service, error) from error


def explained(service: Service, error: BaseException) -> ServiceProblem:
    """Return the error for an exception."""
    problem = _explained(service, error)
    if problem.status is None:
        problem.status = 0
    return problem


def _explained(service: Service, error: BaseException) -> ServiceProblem:
    host, name = service.host, service.name
    if (problem := _between(service, error)) is not None:
        return problem
    for cause in causes(error):
        match cause:
            case InvalidStatus():
                response = cause.response
                return refused(service, response.status_code, response.headers, bytes(response.body or b""))
            case socket.gaierror():
                hostname = host.partition(":")[0]
                return ServiceProblem(f"{hostname} was not found.", "Is the network up, and does its DNS answer?")
            case ssl.SSLCertVerificationError() if any(word in str(cause) for word in ("expired", "not yet valid")):
                now = datetime.now().astimezone()
                return ServiceProblem(
                    f"The certificate of {host} does not hold at this computer's time, {now:%Y-%m-%d %H:%M}.",
                    "Is the clock right?",
                )
            case ssl.SSLCertVerificationError():
                return ServiceProblem(
                    f"The certificate of {host} is not trusted ({cause.verify_message}).",
                    "Is something in between? Its own certificate can be named in SSL_CERT_FILE.",
                )
            case ssl.SSLError():
                return ServiceProblem(f"{host} and this computer agree on no encryption.", "Is something in between?")
            case ConnectionRefusedError():
                return ServiceProblem(f"Nothing answers at {host}.", "Does the server run, and is the address right?")
            case OSError() if cause.errno in UNREACHABLE:
                return ServiceProblem(f"{host} cannot be reached.", "Is the network up?")
            case ConnectionClosed():
                told = _short(cause.rcvd.reason) if cause.rcvd else ""
                why = told or (f"code {cause.rcvd.code}" if cause.rcvd else "without a word")
                return ServiceProblem(f"{name} ended the connection ({why}).", AGAIN, said=told)
            case httpx2.TimeoutException() | TimeoutError():
                return ServiceProblem(f"{name} did not answer in time.", AGAIN)
            case httpx2.InvalidURL():
                return ServiceProblem(f"{host} is no address that can be asked.", "Is the address right?")
            case InvalidHandshake():
                return ServiceProblem(f"{host} speaks no WebSocket here.", "Is the address right?")
            case _:
                pass
    return ServiceProblem(f"The connection to {name} broke.", AGAIN)


def _between(service: Service, error: BaseException) -> ServiceProblem | None:
    """Return the error where it is caused by the proxy on the way to `service`, None otherwise."""
    led = list(causes(error))
    barred = next((cause for cause in led if isinstance(cause, ProxyError | httpx2.ProxyError)), None)
    live = isinstance(barred, ProxyError)
    deaf = any(isinstance(cause, ConnectionRefusedError) for cause in led)
    lost = any(isinstance(cause, socket.gaierror) for cause in led)
    if service.here or not (barred or deaf or lost):
        return None
    named = proxy_to(service.url.replace("http", "ws", 1) if live else service.url)
    remedy = f"Check {named or SYSTEM}, or the proxy itself."
    if barred and passing(barred):
        return ServiceProblem(f"{service.host} cannot be reached through the proxy in {named or SYSTEM}.", AGAIN)
    if barred:
        return ServiceProblem("The proxy does not let us through.", remedy)
    if not named:
        return None
    if deaf:
        return ServiceProblem(f"Nothing answers at the proxy in {named}.", remedy)
    hostname = service.host.partition(":")[0]
    return ServiceProblem(
        f"{hostname}, or the proxy in {named}, was not found.", "Is the network up, and does its DNS answer?"
    )


NOT_ALLOWED = 2
"""A SOCKS proxy's answer where its rules forbid the target; its other answers are about the connection behind it."""

_NO_WAY = re.compile(r"[5-9]\d\d\b|Proxy Server could not connect: (?!Connection not allowed by ruleset)")
"""httpx2's texts for a failure behind the proxy: only they contain the status of CONNECT, or SOCKS's answer."""


def passing(error: ProxyError | httpx2.ProxyError) -> bool:
    """Return whether the proxy's failure is temporary: the proxy or the target has a problem now."""
    if isinstance(error, httpx2.ProxyError):
        return bool(_NO_WAY.match(str(error)))
    if isinstance(error, InvalidProxyStatus):
        return error.response.status_code >= 500
    return getattr(error.__cause__, "error_code", None) not in (None, NOT_ALLOWED)


UNREACHABLE = {101, 113, 65, 51, 10051, 10065}
"""ENETUNREACH and EHOSTUNREACH, as Linux, macOS and Windows number them."""


def causes(error: BaseException, known: frozenset[BaseException] = frozenset()) -> Iterator[BaseException]:
    """Yield `error` and its causes, the deepest first: httpx2's own exceptions say less than those they wrap.

    An exception raised alone out of a group has the group as its context, and the group contains it: `seen` ends that
    loop.
    """
    if error in known:
        return
    known |= {error}
    if isinstance(error, BaseExceptionGroup):
        for part in error.exceptions:
            yield from causes(part, known)
        return
    deeper = error.__cause__ or error.__context__
    if deeper is not None:
        yield from causes(deeper, known)
    yield error


def refused(service: Service, status: int, headers: Mapping[str, str], body: bytes) -> ServiceProblem:
    """Return the error for an answer with an HTTP error status."""
    problem = _refused(service, status, headers, body)
    problem.status = status
    return problem


def _refused(service: Service, status: int, headers: Mapping[str, str], body: bytes) -> ServiceProblem:
    name, told = service.name, sentence(body)
    why = f" ({told})" if told else ""
    kept = "What you said is kept."
    match status:
        case 401:
            return ServiceProblem(
                f"{name} does not accept the key.", f"Set it again in a terminal: intone key set {service.secret.name}"
            )
        case 402 | 403 | 429 if any(word in body.decode(errors="replace") for word in CREDIT) or status == 402:
            return ServiceProblem(f"The account at {name} is out of credit.", "Add some there, or use another engine.")
        case 403:
            remedy = "May this key use this model, in this country?"
            return ServiceProblem(f"{name} does not allow this{why}.", remedy, said=told)
        case 404:
            return ServiceProblem(
                f"{name} does not know this model or address{why}.", "Check both: intone settings list", said=told
            )
        case 413:
            return ServiceProblem(f"The recording is too long for {name}.", f"{kept} The local engine can take it.")
        case 429:
            wait = waits_s(headers)
            when = f"It asks to wait {wait:.0f} s." if wait else "Wait a moment."
            return ServiceProblem(f"{name} has had too many requests from this account.", f"{when} {kept}")
        case _ if status >= 500:
            remedy = f"{kept} Try again in a moment."
            return ServiceProblem(f"{name} has a problem of its own (status {status}).", remedy)
        case _:
            return ServiceProblem(f"{name} refused the request{why or f' (status {status})'}.", kept, said=told)


def senseless(service: Service) -> ServiceProblem:
    """Return the error for an answer that cannot be read, or does not match the request."""
    return ServiceProblem(
        f"{service.name} gave an answer that makes no sense.", "What you said is kept. Is the address right?"
    )


def waits_s(headers: Mapping[str, str]) -> float | None:
    """Return the seconds to wait by `Retry-After`, in either of its two forms; None where there is none."""
    value = headers.get("retry-after", "")
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]*)?", value):
        return float(value)
    try:
        when = datetime.strptime(value, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    except ValueError:
        return None
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


def sentence(body: bytes) -> str:
    """Return the service's own message in a refusal, shortened and on one line; empty where there is none."""
    try:
        told: Any = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    for key in ("error", "err_msg", "message", "detail"):
        if isinstance(told, dict) and key in told:
            told = told[key]
    if isinstance(told, dict):
        told = told.get("message", "")
    return _short(told) if isinstance(told, str) else ""


def _short(told: str) -> str:
    """Return a service's text, shortened for the middle of a sentence."""
    return " ".join(visible(told).split())[:120].rstrip(".")
