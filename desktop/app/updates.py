"""Check for a newer version, only if the user enabled it, and only at the address the user gave.

Off by default. With `updates.check` daily, or on the button, one small file is fetched from `updates.url`: a list of
only the newest version. The request contains only what every HTTP request does; nothing else is fetched, and nothing is
installed. The result is saved, so that the daily interval holds however often the app starts.

With `updates.key` the signature is fetched as well, and an answer that the key's holder has not signed, or one that is
older than the last, changes nothing (docs/adr/0033). Without it the answer is believed as it is.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import anyio
from anyio import to_thread
from pydantic import BaseModel

import desktop
from desktop import APP_ID
from desktop.core.errors import ServiceError, UserError
from desktop.core.files import write_file
from desktop.core.minisign import MAX_SIGNATURE_BYTES, SignatureMismatchError, parse_public_key, verify_signature
from desktop.core.paths import make_private_dir
from desktop.core.state import AvailableRelease
from desktop.settings.schema import Settings

if TYPE_CHECKING:  # not loaded where nothing leaves the machine
    from packaging.version import Version

    from desktop.network.client import ServiceClient
    from desktop.network.endpoint import Service

logger = logging.getLogger(__name__)

FIRST_CHECK_S = 60.0
"""Seconds from the start to the first check: what the user does first takes precedence."""

CHECK_INTERVAL_S, POLL_INTERVAL_S = 24 * 3600.0, 3600.0
"""Seconds between checks, and between looks at whether one is due: a sleeping machine counts no hours."""

TIMEOUT_S = 20.0
"""Timeout in seconds for the response."""

MAX_RESPONSE_BYTES = 65_536
"""Maximum bytes read of a response; a longer one is invalid."""

MAX_RECORD_BYTES = 8000
"""Maximum bytes read of the record: an address has 500 characters, each of 12 bytes at most in JSON's ASCII."""

MAX_VERSION_CHARS, MAX_VERSION_NUMBER = 70, 999_999_999
"""A longer version, or one with a larger number, is invalid."""


SIGNATURE_SUFFIX = ".minisig"
"""What the address of a signature has behind that of the file, as the program names its files."""

HTTP_ABSENT = (404, 410)
"""The statuses of a file that is not there."""


class ReleaseResponse(BaseModel):
    """The fields read of a response: our own format or that of GitHub's releases."""

    app: str = ""
    version: str = ""
    date: str = ""
    url: str = ""
    tag_name: str = ""
    html_url: str = ""
    draft: bool = False
    prerelease: bool = False


@dataclass(frozen=True, slots=True)
class UpdateRecord:
    """The result of the last check: its time (seconds since the epoch), and the newer version, empty if none.

    `dated_at` is the signed date of the answer (seconds since the epoch) and `key` what signed it.
    """

    checked_at: float = 0.0
    release: AvailableRelease = AvailableRelease()
    dated_at: float = 0.0
    key: str = ""


def parse_version(text: str) -> Version:
    """Return the version as PEP 440 reads it. Raises `ValueError`."""
    from packaging.version import Version

    if len(text) > MAX_VERSION_CHARS:
        raise ValueError
    version = Version(text)
    if max(version.epoch, *version.release) > MAX_VERSION_NUMBER:
        raise ValueError
    return version


def find_newer(response: ReleaseResponse, installed: str = desktop.__version__) -> AvailableRelease | None:
    """Return the response's version if it is a final release newer than `installed`. Raises `ValueError` if a final
    release has none."""
    if response.draft or response.prerelease:
        return None
    text = (response.version or response.tag_name).strip()
    available = parse_version(text)
    if available.is_prerelease:
        return None
    if parse_version(available.base_version) <= parse_version(installed):  # a post-release is no news
        return None
    return AvailableRelease(text.lstrip("vV"), _safe_url(response.url or response.html_url))


def _safe_url(url: str) -> str:
    """Return the URL if it is safe to open, otherwise an empty string."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    is_safe = (
        parts.scheme == "https" and parts.hostname and not parts.username and len(url) <= 500 and url.isprintable()
    )
    return url if is_safe else ""


async def fetch_release(
    client: ServiceClient, url: str, key: str = "", dated_at: float = 0.0
) -> tuple[AvailableRelease | None, float]:
    """Fetch the newer version from `url`, and the signed date of the answer in seconds since the epoch.

    With `key`, a public key of minisign, an answer counts that it has signed, and that is not older than `dated_at`;
    without, any answer does, and the date is 0. Raises `UserError`.
    """
    from desktop.network.endpoint import Service, ServiceKey
    from desktop.network.errors import invalid_answer_error

    host = urlsplit(url).hostname or ""
    source = Service(host, url, ServiceKey("updates", lambda name: ""), is_key_optional=True)
    try:
        content = await _fetch(client, source, MAX_RESPONSE_BYTES)
        if key:
            await _verify(client, source, content, key)
        try:
            response = ReleaseResponse.model_validate_json(content)
            date = _parse_signed_date(response) if key else 0.0
            release = find_newer(response)
        except ValueError as error:
            raise invalid_answer_error(source) from error
    except ServiceError as problem:
        raise problem.outside_dictation() from problem
    if date < dated_at:
        raise UserError("update-answer-outdated", host=host)
    return release, date


async def _fetch(client: ServiceClient, source: Service, max_bytes: int) -> bytes:
    from desktop.network.client import read_body
    from desktop.network.errors import service_errors

    with service_errors(source), anyio.fail_after(TIMEOUT_S):
        async with client.stream(source, "GET", "", headers={"Accept": "application/json"}) as response:
            return await read_body(response, source, max_bytes)


async def _verify(client: ServiceClient, source: Service, content: bytes, key: str) -> None:
    """Fetch the signature of `content` and verify it. Raises `UserError`."""
    parts = urlsplit(source.url)
    url = urlunsplit(parts._replace(path=parts.path + SIGNATURE_SUFFIX))
    try:
        signature = await _fetch(client, replace(source, url=url), MAX_SIGNATURE_BYTES)
    except ServiceError as problem:
        if problem.status in HTTP_ABSENT:
            raise UserError("update-unsigned", host=source.name) from problem
        raise
    try:
        verify_signature(content, signature, parse_public_key(key))
    except SignatureMismatchError as error:
        logger.warning("the answer on the newest version was refused: %s", error)
        raise UserError("update-signature-wrong", host=source.name) from error


def _parse_signed_date(response: ReleaseResponse) -> float:
    """Return the date in seconds since the epoch. Raises `ValueError` without one, and for another program's file that
    the same key has signed."""
    if response.app != APP_ID:
        raise ValueError
    date = datetime.fromisoformat(response.date)
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()


class UpdateChecker:
    """Runs the checks. `settings` and `client` return the current ones, the latter created on first use; `on_release`
    is called with a newer version, or None; `file` stores the result."""

    def __init__(
        self,
        file: Path,
        settings: Callable[[], Settings],
        client: Callable[[], ServiceClient],
        on_release: Callable[[AvailableRelease | None], None],
    ) -> None:
        self._file = file
        self._settings = settings
        self._client = client
        self._on_release = on_release
        self._published: AvailableRelease | None = None
        self._settings_changed = anyio.Event()

    def on_settings_changed(self) -> None:
        """Apply changed settings."""
        self._settings_changed.set()

    async def run(self, first_s: float = FIRST_CHECK_S) -> None:
        """Check whenever it is due, for ever."""
        wait_s = first_s
        while True:
            update_settings, self._settings_changed = self._settings().updates, anyio.Event()
            if update_settings.check == "daily":
                record = await to_thread.run_sync(_load_record, self._file)
                self._publish(_pending_release(record) if record.key == update_settings.key else None)
            else:
                self._publish(None)
            with anyio.move_on_after(wait_s if update_settings.check == "daily" and update_settings.url else None):
                await self._settings_changed.wait()
                wait_s = first_s
                continue
            wait_s = POLL_INTERVAL_S
            record = await to_thread.run_sync(_load_record, self._file)
            if record.key == update_settings.key and 0 <= time.time() - record.checked_at < CHECK_INTERVAL_S:
                continue
            try:
                await self.check_now()
            except UserError as problem:
                logger.info("the check for a newer version failed: %s", problem.code)

    async def check_now(self) -> AvailableRelease | None:
        """Check now, on the user's request; return the newer version. Raises `UserError`."""
        chosen = self._settings().updates
        if not chosen.url:
            raise UserError("update-address-missing")
        last = await to_thread.run_sync(_load_record, self._file)
        newest_date = last.dated_at if chosen.key == last.key else 0.0
        release, date = await fetch_release(self._client(), chosen.url, chosen.key, newest_date)
        now = time.time()  # a date that is yet to come would have later answers refused until then
        record = UpdateRecord(now, release or AvailableRelease(), min(date, now), chosen.key)
        await to_thread.run_sync(_save_record, self._file, record)
        self._publish(release)
        return release

    def _publish(self, release: AvailableRelease | None) -> None:
        if release != self._published:
            self._published = release
            self._on_release(release)


def _pending_release(record: UpdateRecord) -> AvailableRelease | None:
    """Return the recorded version, unless it is installed by now."""
    try:
        return find_newer(ReleaseResponse(version=record.release.version, url=record.release.url))
    except ValueError:
        return None


def _load_record(file: Path) -> UpdateRecord:
    """Load the record; an empty one if the file is missing or invalid."""
    try:
        with file.open("rb") as stream:
            checked_at, version, url, *signed = json.loads(stream.read(MAX_RECORD_BYTES))
        dated_at, key = signed or (0.0, "")  # earlier versions wrote neither
        release = AvailableRelease(str(version), _safe_url(str(url)))
        return UpdateRecord(float(checked_at), release, float(dated_at), str(key))
    except (OSError, ValueError, TypeError, OverflowError, RecursionError):
        return UpdateRecord()


def _save_record(file: Path, record: UpdateRecord) -> None:
    release = record.release
    try:
        make_private_dir(file.parent)
        write_file(file, json.dumps((record.checked_at, release.version, release.url, record.dated_at, record.key)))
    except OSError as error:
        logger.warning("the result of the version check could not be saved: %s", error.strerror)
