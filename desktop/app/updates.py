"""Check for a newer version, only if the user enabled it, and only at the address the user gave.

Off by default. With `updates.check` daily, or on the button, one small file is fetched from `updates.url`: a list of
only the newest version. The request contains only what every HTTP request does; nothing else is fetched, and nothing is
installed. The result is saved, so that the daily interval holds however often the app starts.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import anyio
from anyio import to_thread
from pydantic import BaseModel

import desktop
from desktop.core.errors import ServiceError, UserError
from desktop.core.files import write_file
from desktop.core.paths import make_private_dir
from desktop.core.state import AvailableRelease
from desktop.settings.schema import Settings

if TYPE_CHECKING:  # not loaded where nothing leaves the machine
    from packaging.version import Version

    from desktop.network.client import ServiceClient

logger = logging.getLogger(__name__)

FIRST_CHECK_S = 60.0
"""Seconds from the start to the first check: what the user does first takes precedence."""

CHECK_INTERVAL_S, POLL_INTERVAL_S = 24 * 3600.0, 3600.0
"""Seconds between checks, and between looks at whether one is due: a sleeping machine counts no hours."""

TIMEOUT_S = 20.0
"""Timeout in seconds for the response."""

MAX_RESPONSE_BYTES = 65_536
"""Maximum bytes read of a response; a longer one is invalid."""

MAX_VERSION_CHARS, MAX_VERSION_NUMBER = 70, 999_999_999
"""A longer version, or one with a larger number, is invalid."""


class ReleaseResponse(BaseModel):
    """The fields read of a response: our own format or that of GitHub's releases."""

    version: str = ""
    url: str = ""
    tag_name: str = ""
    html_url: str = ""
    draft: bool = False
    prerelease: bool = False


@dataclass(frozen=True, slots=True)
class UpdateRecord:
    """The result of the last check: its time (seconds since the epoch), and the newer version, empty if none."""

    checked_at: float = 0.0
    release: AvailableRelease = AvailableRelease()


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


async def fetch_release(client: ServiceClient, url: str) -> AvailableRelease | None:
    """Fetch the newer version from `url`. Raises `ServiceError`."""
    from desktop.network.client import read_body
    from desktop.network.endpoint import Service, ServiceKey
    from desktop.network.errors import invalid_answer_error, service_errors

    source = Service(urlsplit(url).hostname or "", url, ServiceKey("updates", lambda name: ""), is_key_optional=True)
    try:
        with service_errors(source), anyio.fail_after(TIMEOUT_S):
            async with client.stream(source, "GET", "", headers={"Accept": "application/json"}) as response:
                content = await read_body(response, source, MAX_RESPONSE_BYTES)
        try:
            return find_newer(ReleaseResponse.model_validate_json(content))
        except ValueError as error:
            raise invalid_answer_error(source) from error
    except ServiceError as problem:
        raise problem.outside_dictation() from problem


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
                self._publish(_pending_release(await to_thread.run_sync(_load_record, self._file)))
            else:
                self._publish(None)
            with anyio.move_on_after(wait_s if update_settings.check == "daily" and update_settings.url else None):
                await self._settings_changed.wait()
                wait_s = first_s
                continue
            wait_s = POLL_INTERVAL_S
            record = await to_thread.run_sync(_load_record, self._file)
            if 0 <= time.time() - record.checked_at < CHECK_INTERVAL_S:
                continue
            try:
                await self.check_now()
            except UserError as problem:
                logger.info("the check for a newer version failed: %s", type(problem).__name__)

    async def check_now(self) -> AvailableRelease | None:
        """Check now, on the user's request; return the newer version. Raises `UserError`."""
        url = self._settings().updates.url
        if not url:
            raise UserError("update-address-missing")
        release = await fetch_release(self._client(), url)
        await to_thread.run_sync(_save_record, self._file, UpdateRecord(time.time(), release or AvailableRelease()))
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
            checked_at, version, url = json.loads(stream.read(2000))
        return UpdateRecord(float(checked_at), AvailableRelease(str(version), _safe_url(str(url))))
    except (OSError, ValueError, TypeError, OverflowError, RecursionError):
        return UpdateRecord()


def _save_record(file: Path, record: UpdateRecord) -> None:
    try:
        make_private_dir(file.parent)
        write_file(file, json.dumps((record.checked_at, record.release.version, record.release.url)))
    except OSError as error:
        logger.warning("the result of the version check could not be saved: %s", error.strerror)
