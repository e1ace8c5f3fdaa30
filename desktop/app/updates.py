"""Check for a newer version, only if the user enabled it, and only at the address the user gave.

Off by default. With `updates.check` daily, or on the button, one small file is fetched from `updates.url`: a list of
only the newest version. The request contains only what every HTTP request does; nothing else is fetched, and nothing is
installed. The result is saved, so that the daily interval holds however often the app starts.
"""

from __future__ import annotations

import json
import logging
import re
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
from desktop.core.errors import Problem, ServiceProblem
from desktop.core.paths import private
from desktop.core.state import Release
from desktop.settings.schema import Settings

if TYPE_CHECKING:  # not loaded where nothing leaves the machine
    from desktop.network.client import Client

logger = logging.getLogger(__name__)

FIRST_S = 60.0
"""Seconds from the start to the first check: what the user does first takes precedence."""

DAY_S, HOUR_S = 24 * 3600.0, 3600.0
"""Seconds between checks, and between looks at whether one is due: a sleeping machine counts no hours."""

WAIT_S = 20.0
"""Timeout in seconds for the response."""

MOST_BYTES = 65_536
"""Maximum bytes read of a response; a longer one is invalid."""

NOWHERE = Problem("There is no address to look at.", "Enter the one that publishes new versions, or leave it empty.")

_VERSION = re.compile(r"v?([0-9]{1,9}(?:\.[0-9]{1,9}){0,3})(?![0-9])([A-Za-z0-9.+\-]{0,30})")


class Told(BaseModel):
    """The fields read of a response: our own format or that of GitHub's releases."""

    version: str = ""
    url: str = ""
    tag_name: str = ""
    html_url: str = ""
    draft: bool = False
    prerelease: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """The result of the last check: its time (seconds since the epoch), and the newer version, empty if none."""

    at: float = 0.0
    release: Release = Release()


def number(version: str) -> tuple[tuple[int, ...], bool] | None:
    """Return a key to compare versions by, PEP 440 as far as our versions need it: the numbers, and whether it is a
    final release. None if `version` is invalid."""
    found = _VERSION.fullmatch(version.strip())
    if found is None:
        return None
    numbers = tuple(map(int, found[1].split(".")))
    return numbers + (0,) * (4 - len(numbers)), not found[2] or found[2].startswith((".post", "+"))


def newer(told: Told, here: str = desktop.__version__) -> Release | None:
    """Return the response's version if it is a final release newer than `installed`. Raises `ValueError` if it has
    none."""
    version = (told.version or told.tag_name).strip()
    there, ours = number(version), number(here)
    if there is None or ours is None:
        raise ValueError
    if told.draft or told.prerelease or not there[1] or there <= ours:
        return None
    return Release(version.removeprefix("v"), _page(told.url or told.html_url))


def _page(url: str) -> str:
    """Return the URL if it is safe to open, otherwise an empty string."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    good = parts.scheme == "https" and parts.hostname and not parts.username and len(url) <= 500 and url.isprintable()
    return url if good else ""


async def ask(client: Client, url: str) -> Release | None:
    """Fetch the newer version from `url`. Raises `ServiceError`."""
    from desktop.network.client import whole_body
    from desktop.network.endpoint import Secret, Service
    from desktop.network.errors import problems, senseless

    source = Service(urlsplit(url).hostname or "", url, Secret("updates", lambda name: ""), optional=True)
    try:
        with problems(source), anyio.fail_after(WAIT_S):
            async with client.streamed(source, "GET", "", headers={"Accept": "application/json"}) as response:
                content = await whole_body(response, source, MOST_BYTES)
        try:
            return newer(Told.model_validate_json(content))
        except ValueError as error:
            raise senseless(source) from error
    except ServiceProblem as problem:
        problem.remedy = problem.remedy.removeprefix("What you said is kept. ")  # nothing was kept
        raise


class Updates:
    """Runs the checks. `settings` and `client` return the current ones, the latter created on first use; `on_release`
    is called with a newer version, or None; `file` stores the result."""

    def __init__(
        self,
        file: Path,
        settings: Callable[[], Settings],
        client: Callable[[], Client],
        tell: Callable[[Release | None], None],
    ) -> None:
        self._file = file
        self._settings = settings
        self._client = client
        self._tell = tell
        self._told: Release | None = None
        self._chosen = anyio.Event()

    def choose(self) -> None:
        """Apply changed settings."""
        self._chosen.set()

    async def run(self, first_s: float = FIRST_S) -> None:
        """Check whenever it is due, for ever."""
        wait_s = first_s
        while True:
            chosen, self._chosen = self._settings().updates, anyio.Event()
            if chosen.check == "daily":
                self._say(_news(await to_thread.run_sync(_read, self._file)))
            else:
                self._say(None)
            with anyio.move_on_after(wait_s if chosen.check == "daily" and chosen.url else None):
                await self._chosen.wait()
                wait_s = first_s
                continue
            wait_s = HOUR_S
            kept = await to_thread.run_sync(_read, self._file)
            if 0 <= time.time() - kept.at < DAY_S:
                continue
            try:
                await self.look()
            except Problem as problem:
                logger.info("whether there is a newer version could not be seen: %s", type(problem).__name__)

    async def look(self) -> Release | None:
        """Check now, on the user's request; return the newer version. Raises `UserError`."""
        url = self._settings().updates.url
        if not url:
            raise NOWHERE
        release = await ask(self._client(), url)
        await to_thread.run_sync(_write, self._file, Kept(time.time(), release or Release()))
        self._say(release)
        return release

    def _say(self, release: Release | None) -> None:
        if release != self._told:
            self._told = release
            self._tell(release)


def _news(kept: Kept) -> Release | None:
    """Return the recorded version, unless it is installed by now."""
    told = Told(version=kept.release.version, url=kept.release.url)
    return newer(told) if number(told.version) else None


def _read(file: Path) -> Kept:
    """Load the record; an empty one if the file is missing or invalid."""
    try:
        with file.open("rb") as opened:
            at, version, url = json.loads(opened.read(2000))
        return Kept(float(at), Release(str(version), _page(str(url))))
    except (OSError, ValueError, TypeError, OverflowError, RecursionError):
        return Kept()


def _write(file: Path, kept: Kept) -> None:
    try:
        part = private(file.parent) / f"{file.name}.part"
        part.write_text(json.dumps((kept.at, kept.release.version, kept.release.url)))
        part.replace(file)
    except OSError as error:
        logger.warning("what was found of newer versions is not kept: %s", error.strerror)
