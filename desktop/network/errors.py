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

from desktop.core.errors import ServiceError
from desktop.core.text import make_printable
from desktop.network.endpoint import Service
from models.proxy import SYSTEM_SETTINGS, proxy_source

OUT_OF_CREDIT_CODES = (
    "insufficient_quota",
    "billing_hard_limit_reached",
    "INSUFFICIENT_CREDITS",
    "ASR_PAYMENT_REQUIRED",
)
"""Codes of OpenAI and Deepgram for an account that is out of credit."""

RETRY_REMEDY = "What you said is kept. Try again in a moment."
"""The remedy for temporary failures."""

UNREACHABLE_ERRNOS = {101, 113, 65, 51, 10051, 10065}
"""ENETUNREACH and EHOSTUNREACH, as Linux, macOS and Windows number them."""

SOCKS_NOT_ALLOWED = 2
"""A SOCKS proxy's answer where its rules forbid the target; its other answers are about the connection behind it."""

_TARGET_FAILURE = re.compile(r"[5-9]\d\d\b|Proxy Server could not connect: (?!Connection not allowed by ruleset)")
"""httpx2's texts for a failure behind the proxy: only they contain the status of CONNECT, or SOCKS's answer."""


@contextmanager
def service_errors(service: Service) -> Iterator[None]:
    """Turn what goes wrong between us and `service` into a `ServiceError`; every other exception is a bug."""
    try:
        yield
    except (httpx2.HTTPError, httpx2.InvalidURL, WebSocketException, OSError, EOFError) as error:
        raise service_error(service, error) from error


def service_error(service: Service, error: BaseException) -> ServiceError:
    """Return the error for an exception."""
    problem = _service_error(service, error)
    if problem.status is None:
        problem.status = 0
    return problem


def _service_error(service: Service, error: BaseException) -> ServiceError:
    host, name = service.host, service.name
    if (problem := _proxy_error(service, error)) is not None:
        return problem
    for cause in iterate_causes(error):
        match cause:
            case InvalidStatus():
                response = cause.response
                return refusal_error(service, response.status_code, response.headers, bytes(response.body or b""))
            case socket.gaierror():
                hostname = host.partition(":")[0]
                return ServiceError(f"{hostname} was not found.", "Is the network up, and does its DNS answer?")
            case ssl.SSLCertVerificationError() if any(word in str(cause) for word in ("expired", "not yet valid")):
                now = datetime.now().astimezone()
                return ServiceError(
                    f"The certificate of {host} does not hold at this computer's time, {now:%Y-%m-%d %H:%M}.",
                    "Is the clock right?",
                )
            case ssl.SSLCertVerificationError():
                return ServiceError(
                    f"The certificate of {host} is not trusted ({cause.verify_message}).",
                    "Is something in between? Its own certificate can be named in SSL_CERT_FILE.",
                )
            case ssl.SSLError():
                return ServiceError(f"{host} and this computer agree on no encryption.", "Is something in between?")
            case ConnectionRefusedError():
                return ServiceError(f"Nothing answers at {host}.", "Does the server run, and is the address right?")
            case OSError() if cause.errno in UNREACHABLE_ERRNOS:
                return ServiceError(f"{host} cannot be reached.", "Is the network up?")
            case ConnectionClosed():
                reason = _shorten(cause.rcvd.reason) if cause.rcvd else ""
                detail = reason or (f"code {cause.rcvd.code}" if cause.rcvd else "without a word")
                return ServiceError(f"{name} ended the connection ({detail}).", RETRY_REMEDY, quoted=reason)
            case httpx2.TimeoutException() | TimeoutError():
                return ServiceError(f"{name} did not answer in time.", RETRY_REMEDY)
            case httpx2.InvalidURL():
                return ServiceError(f"{host} is no address that can be asked.", "Is the address right?")
            case InvalidHandshake():
                return ServiceError(f"{host} speaks no WebSocket here.", "Is the address right?")
            case _:
                pass
    return ServiceError(f"The connection to {name} broke.", RETRY_REMEDY)


def _proxy_error(service: Service, error: BaseException) -> ServiceError | None:
    """Return the error where it is caused by the proxy on the way to `service`, None otherwise."""
    chain = list(iterate_causes(error))
    proxy_failure = next((cause for cause in chain if isinstance(cause, ProxyError | httpx2.ProxyError)), None)
    is_websocket = isinstance(proxy_failure, ProxyError)
    is_refused = any(isinstance(cause, ConnectionRefusedError) for cause in chain)
    is_unresolved = any(isinstance(cause, socket.gaierror) for cause in chain)
    if service.is_local or not (proxy_failure or is_refused or is_unresolved):
        return None
    variable = proxy_source(service.url.replace("http", "ws", 1) if is_websocket else service.url)
    remedy = f"Check {variable or SYSTEM_SETTINGS}, or the proxy itself."
    if proxy_failure and is_temporary(proxy_failure):
        return ServiceError(
            f"{service.host} cannot be reached through the proxy in {variable or SYSTEM_SETTINGS}.", RETRY_REMEDY
        )
    if proxy_failure:
        return ServiceError("The proxy does not let us through.", remedy)
    if not variable:
        return None
    if is_refused:
        return ServiceError(f"Nothing answers at the proxy in {variable}.", remedy)
    hostname = service.host.partition(":")[0]
    return ServiceError(
        f"{hostname}, or the proxy in {variable}, was not found.", "Is the network up, and does its DNS answer?"
    )


def is_temporary(error: ProxyError | httpx2.ProxyError) -> bool:
    """Return whether the proxy's failure is temporary: the proxy or the target has a problem now."""
    if isinstance(error, httpx2.ProxyError):
        return bool(_TARGET_FAILURE.match(str(error)))
    if isinstance(error, InvalidProxyStatus):
        return error.response.status_code >= 500
    return getattr(error.__cause__, "error_code", None) not in (None, SOCKS_NOT_ALLOWED)


def iterate_causes(error: BaseException, seen: frozenset[BaseException] = frozenset()) -> Iterator[BaseException]:
    """Yield `error` and its causes, the deepest first: httpx2's own exceptions say less than those they wrap.

    An exception raised alone out of a group has the group as its context, and the group contains it: `seen` ends that
    loop.
    """
    if error in seen:
        return
    seen |= {error}
    if isinstance(error, BaseExceptionGroup):
        for part in error.exceptions:
            yield from iterate_causes(part, seen)
        return
    deeper = error.__cause__ or error.__context__
    if deeper is not None:
        yield from iterate_causes(deeper, seen)
    yield error


def refusal_error(service: Service, status: int, headers: Mapping[str, str], body: bytes) -> ServiceError:
    """Return the error for an answer with an HTTP error status."""
    problem = _refusal_error(service, status, headers, body)
    problem.status = status
    return problem


def _refusal_error(service: Service, status: int, headers: Mapping[str, str], body: bytes) -> ServiceError:
    name, message = service.name, extract_message(body)
    detail = f" ({message})" if message else ""
    kept = "What you said is kept."
    match status:
        case 401:
            return ServiceError(
                f"{name} does not accept the key.", f"Set it again in a terminal: intone key set {service.secret.name}"
            )
        case 402 | 403 | 429 if (
            any(word in body.decode(errors="replace") for word in OUT_OF_CREDIT_CODES) or status == 402
        ):
            return ServiceError(f"The account at {name} is out of credit.", "Add some there, or use another engine.")
        case 403:
            remedy = "May this key use this model, in this country?"
            return ServiceError(f"{name} does not allow this{detail}.", remedy, quoted=message)
        case 404:
            return ServiceError(
                f"{name} does not know this model or address{detail}.",
                "Check both: intone settings list",
                quoted=message,
            )
        case 413:
            return ServiceError(f"The recording is too long for {name}.", f"{kept} The local engine can take it.")
        case 429:
            wait = parse_retry_after_s(headers)
            when = f"It asks to wait {wait:.0f} s." if wait else "Wait a moment."
            return ServiceError(f"{name} has had too many requests from this account.", f"{when} {kept}")
        case _ if status >= 500:
            remedy = f"{kept} Try again in a moment."
            return ServiceError(f"{name} has a problem of its own (status {status}).", remedy)
        case _:
            return ServiceError(f"{name} refused the request{detail or f' (status {status})'}.", kept, quoted=message)


def invalid_answer_error(service: Service) -> ServiceError:
    """Return the error for an answer that cannot be read, or does not match the request."""
    return ServiceError(
        f"{service.name} gave an answer that makes no sense.", "What you said is kept. Is the address right?"
    )


def parse_retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Return the seconds to wait by `Retry-After`, in either of its two forms; None where there is none."""
    value = headers.get("retry-after", "")
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]*)?", value):
        return float(value)
    try:
        when = datetime.strptime(value, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    except ValueError:
        return None
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


def extract_message(body: bytes) -> str:
    """Return the service's own message in a refusal, shortened and on one line; empty where there is none."""
    try:
        value: Any = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    for key in ("error", "err_msg", "message", "detail"):
        if isinstance(value, dict) and key in value:
            value = value[key]
    if isinstance(value, dict):
        value = value.get("message", "")
    return _shorten(value) if isinstance(value, str) else ""


def _shorten(text: str) -> str:
    """Return a service's text, shortened for the middle of a sentence."""
    return " ".join(make_printable(text).split())[:120].rstrip(".")
