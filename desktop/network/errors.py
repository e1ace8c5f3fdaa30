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
from desktop.core.messages import Foreign, Message
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

BUSY_CODE = b'"server_busy"'
"""The code of a server that has no place for a request, by which its 503 is no fault: of a team's server
(`packaging/server`)."""

OVERLOADED = ("service-overloaded", "service-overloaded-until")
"""The codes of our errors for it."""

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
                return ServiceError("host-not-found", host=host.partition(":")[0])
            case ssl.SSLCertVerificationError() if any(word in str(cause) for word in ("expired", "not yet valid")):
                now = datetime.now().astimezone()
                return ServiceError("certificate-outside-its-time", host=host, time=f"{now:%Y-%m-%d %H:%M}")
            case ssl.SSLCertVerificationError():
                return ServiceError("certificate-untrusted", host=host, reason=cause.verify_message)
            case ssl.SSLError():
                return ServiceError("encryption-not-agreed", host=host)
            case ConnectionRefusedError():
                return ServiceError("connection-refused", host=host)
            case OSError() if cause.errno in UNREACHABLE_ERRNOS:
                return ServiceError("host-unreachable", host=host)
            case ConnectionClosed():
                return ServiceError("connection-ended", service=name, reason=_close_reason(cause))
            case httpx2.TimeoutException() | TimeoutError():
                return ServiceError("service-silent", service=name)
            case httpx2.InvalidURL():
                return ServiceError("host-address-invalid", host=host)
            case InvalidHandshake():
                return ServiceError("host-without-websocket", host=host)
            case _:
                pass
    return ServiceError("connection-broken", service=name)


def _close_reason(error: ConnectionClosed) -> Foreign | Message:
    """Return what the service said when it closed a socket."""
    if error.rcvd is None:
        return Message("connection-end-silent")
    reason = _shorten(error.rcvd.reason)
    return Foreign(reason) if reason else Message("connection-end-code", code=int(error.rcvd.code))


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
    source = Message("system-settings") if variable in ("", SYSTEM_SETTINGS) else variable
    if proxy_failure and is_temporary(proxy_failure):
        return ServiceError("host-unreachable-by-proxy", host=service.host, source=source)
    if proxy_failure:
        return ServiceError("proxy-refusing", source=source)
    if not variable:
        return None
    if is_refused:
        return ServiceError("proxy-connection-refused", source=source)
    return ServiceError("host-or-proxy-not-found", host=service.host.partition(":")[0], source=source)


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
    name, reason = service.name, Foreign(extract_message(body))
    match status:
        case 401:
            return ServiceError("service-key-refused", service=name, name=service.secret.name)
        case 402 | 403 | 429 if (
            any(word in body.decode(errors="replace") for word in OUT_OF_CREDIT_CODES) or status == 402
        ):
            return ServiceError("service-credit-spent", service=name)
        case 403 if reason:
            return ServiceError("service-access-denied-reason", service=name, reason=reason)
        case 403:
            return ServiceError("service-access-denied", service=name)
        case 404 if reason:
            return ServiceError("service-model-unknown-reason", service=name, reason=reason)
        case 404:
            return ServiceError("service-model-unknown", service=name)
        case 413:
            return ServiceError("service-recording-too-long", service=name)
        case 429:
            if wait_s := parse_retry_after_s(headers):
                return ServiceError("service-busy-until", service=name, seconds=f"{wait_s:.0f}")
            return ServiceError("service-busy", service=name)
        case 503 if BUSY_CODE in body:
            if wait_s := parse_retry_after_s(headers):
                return ServiceError("service-overloaded-until", service=name, seconds=f"{wait_s:.0f}")
            return ServiceError("service-overloaded", service=name)
        case _ if status >= 500:
            return ServiceError("service-failed", service=name, status=status)
        case _ if reason:
            return ServiceError("service-refusal-reason", service=name, reason=reason)
        case _:
            return ServiceError("service-refusal", service=name, status=status)


def invalid_answer_error(service: Service) -> ServiceError:
    """Return the error for an answer that cannot be read, or does not match the request."""
    return ServiceError("service-answer-invalid", service=service.name)


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
