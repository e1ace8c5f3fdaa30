"""A newer version is told of where somebody wants to know, and nobody is asked otherwise."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest

from desktop.app.updates import (
    CHECK_INTERVAL_S,
    MAX_RESPONSE_BYTES,
    ReleaseResponse,
    UpdateChecker,
    fetch_release,
    find_newer,
)
from desktop.core.errors import ServiceError, SettingsError, UserError
from desktop.core.state import AvailableRelease
from desktop.network.client import ServiceClient
from desktop.settings.schema import Settings, UpdatesSettings
from desktop.settings.store import load_settings, write_setting
from tests.support.cloud.tls_server import Served, serve, trusting

pytestmark = pytest.mark.anyio

PAGE = "https://example.org/newest"
NEW = AvailableRelease("9.2.0", PAGE)


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({"version": "1.3", "url": PAGE}, AvailableRelease("1.3", PAGE)),
        ({"tag_name": "v1.2.10", "html_url": PAGE}, AvailableRelease("1.2.10", PAGE)),
        ({"version": "2"}, AvailableRelease("2")),
        ({"version": "1.2.3"}, None),
        ({"version": "1.2.3.0"}, None),
        ({"version": "1.2.3.1"}, AvailableRelease("1.2.3.1")),
        ({"version": "1.2.3.post1"}, None),
        ({"version": "1.2.4.post1"}, AvailableRelease("1.2.4.post1")),
        ({"tag_name": "v1.3.0-beta.2"}, None),
        ({"version": "1.3+local.1"}, AvailableRelease("1.3+local.1")),
        ({"version": "1.1.99"}, None),
        ({"version": "1.3.0rc1"}, None),
        ({"tag_name": "v1.3.0", "prerelease": True}, None),
        ({"tag_name": "v1.3.0", "draft": True}, None),
        ({"tag_name": "untagged-4f2", "draft": True}, None),
        ({"tag_name": "nightly", "prerelease": True}, None),
        ({"tag_name": "V1.3"}, AvailableRelease("1.3")),
        ({"version": "1.3", "url": "http://example.org"}, AvailableRelease("1.3")),
        ({"version": "1.3", "url": "file:///etc/passwd"}, AvailableRelease("1.3")),
        ({"version": "1.3", "url": "https://user:key@example.org"}, AvailableRelease("1.3")),
        ({"version": "1.3", "url": "https://[example"}, AvailableRelease("1.3")),
        ({"version": "1.3", "url": f"{PAGE}?{'x' * 500}"}, AvailableRelease("1.3")),
    ],
)
def test_newer_version_has_number_and_page(told: dict[str, Any], found: AvailableRelease | None) -> None:
    assert find_newer(ReleaseResponse(**told), "1.2.3") == found


def test_before_a_release_comes_what_leads_to_it() -> None:
    assert find_newer(ReleaseResponse(version="1.2.3"), "1.2.3rc1") == AvailableRelease("1.2.3")
    assert find_newer(ReleaseResponse(version="1.2.3"), "1.2.3.dev4+g1") == AvailableRelease("1.2.3")


@pytest.mark.parametrize(
    "version", ["", "latest", "v", "1" * 20, "-1", "１.2", "1.2 or so", "1.2+" + "a" * 99, "1.9999999999"]
)
def test_what_is_no_version_is_none(version: str) -> None:
    with pytest.raises(ValueError):
        find_newer(ReleaseResponse(version=version))


class Feed:
    """Answers with `content`; `asked` are the requests' paths and what they told of who asks."""

    def __init__(self) -> None:
        self.status, self.content = 200, json.dumps({"version": NEW.version, "url": NEW.url}).encode()
        self.asked: list[tuple[str, dict[bytes, bytes]]] = []

    async def app(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        self.asked.append((scope["path"], dict(scope["headers"])))
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": self.content})


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Feed, Served]]:
    feed = Feed()
    with serve(feed.app) as running:
        yield feed, running


@pytest.fixture
def feed(served: tuple[Feed, Served]) -> Feed:
    feed = served[0]
    feed.__init__()  # type: ignore[misc]
    return feed


@pytest.fixture
async def client() -> AsyncIterator[ServiceClient]:
    client = ServiceClient(ssl_context=trusting())
    yield client
    await client.aclose()


@pytest.fixture
def url(served: tuple[Feed, Served]) -> str:
    return f"{served[1].url}/newest"


async def test_the_question_tells_nothing_of_who_asks(feed: Feed, url: str, client: ServiceClient) -> None:
    assert await fetch_release(client, url) == (NEW, 0.0)
    ((path, headers),) = feed.asked
    assert path == "/newest"
    assert headers[b"user-agent"] == b"Intone"
    assert {*headers} <= {b"host", b"accept", b"accept-encoding", b"user-agent", b"connection"}


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"<html>", b'{"version": "latest"}', b"[" * 5000, b'{"version": "9", ' + b" " * MAX_RESPONSE_BYTES],
)
async def test_an_answer_that_is_none_is_said(feed: Feed, url: str, client: ServiceClient, content: bytes) -> None:
    feed.content = content
    with pytest.raises(ServiceError, match="makes no sense"):
        await fetch_release(client, url)


@pytest.mark.parametrize("status", [400, 404, 413, 429, 503])
async def test_update_error_has_no_dictation_wording(feed: Feed, url: str, client: ServiceClient, status: int) -> None:
    feed.status = status
    with pytest.raises(ServiceError) as raised:
        await fetch_release(client, url)
    assert "kept" not in str(raised.value)
    assert raised.value.remedy
    assert raised.value.status == status


async def test_invalid_update_answer_asks_for_the_address(feed: Feed, url: str, client: ServiceClient) -> None:
    feed.content = b"[]"
    with pytest.raises(ServiceError, match=r"^\S+ gave an answer that makes no sense\. Is the address right\?$"):
        await fetch_release(client, url)


class App:
    """Who is told; `settings` are those of now."""

    def __init__(self, folder: Path, client: ServiceClient, wanted: UpdatesSettings) -> None:
        self.settings = Settings(updates=wanted)
        self.told: list[AvailableRelease | None] = []
        self.clients = 0
        self._client = client
        self.updates = UpdateChecker(folder / "updates.json", lambda: self.settings, self.client, self._tell)
        self._news = anyio.Event()

    def client(self) -> ServiceClient:
        self.clients += 1
        return self._client

    def _tell(self, release: AvailableRelease | None) -> None:
        self.told.append(release)
        self._news.set()
        self._news = anyio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self.updates.run, 0.0)
            yield
            tasks.cancel_scope.cancel()

    async def until(self, *told: AvailableRelease | None) -> None:
        with anyio.fail_after(10):
            while self.told != list(told):
                await self._news.wait()


async def test_it_is_asked_once_a_day_where_that_is_wanted(
    feed: Feed, url: str, client: ServiceClient, tmp_path: Path
) -> None:
    wanted = UpdatesSettings(check="daily", url=url)
    for _ in range(2):  # the second start knows it without asking
        app = App(tmp_path, client, wanted)
        async with app.running():
            await app.until(NEW)
            app.settings = Settings()
            app.updates.on_settings_changed()
            await app.until(NEW, None)
    assert len(feed.asked) == 1
    (tmp_path / "updates.json").write_text(json.dumps([time.time() - CHECK_INTERVAL_S, NEW.version, NEW.url]))
    feed.content = b'{"version": "0.0.1"}'
    app = App(tmp_path, client, wanted)
    async with app.running():
        await app.until(NEW, None)
    assert len(feed.asked) == 2


@pytest.mark.parametrize("wanted", [UpdatesSettings(url=PAGE), UpdatesSettings(check="daily"), UpdatesSettings()])
async def test_nothing_is_asked_without_address_or_consent(
    client: ServiceClient, tmp_path: Path, wanted: UpdatesSettings
) -> None:
    app = App(tmp_path, client, wanted)
    async with app.running():
        await anyio.wait_all_tasks_blocked()
        app.updates.on_settings_changed()
        await anyio.wait_all_tasks_blocked()
    assert (app.told, app.clients) == ([], 0)
    assert not list(tmp_path.iterdir())


async def test_the_button_asks_once_whatever_is_chosen(
    feed: Feed, url: str, client: ServiceClient, tmp_path: Path
) -> None:
    app = App(tmp_path, client, UpdatesSettings(url=url))
    assert await app.updates.check_now() == NEW
    assert app.told == [NEW]
    with pytest.raises(UserError, match="no address"):
        await App(tmp_path, client, UpdatesSettings()).updates.check_now()
    assert len(feed.asked) == 1


@pytest.mark.parametrize("kept", ["", "{}", "[1, 2]", '["x", "9", ""]', "[" * 9000, '[0, "9", ' + " " * 9000])
async def test_what_is_kept_and_not_ours_is_nothing(client: ServiceClient, tmp_path: Path, kept: str) -> None:
    (tmp_path / "updates.json").write_text(kept)
    app = App(tmp_path, client, UpdatesSettings(check="daily"))
    async with app.running():
        await anyio.wait_all_tasks_blocked()
    assert app.told == []


async def test_longest_record_is_read_again(client: ServiceClient, tmp_path: Path) -> None:
    address = "https://example.org/" + "\N{BOOKS}" * 480
    record = [time.time(), "999.0", address, time.time(), ""]
    (tmp_path / "updates.json").write_text(json.dumps(record))
    app = App(tmp_path, client, UpdatesSettings(check="daily", url=PAGE))
    async with app.running():
        await app.until(AvailableRelease("999.0", address))


def test_an_address_is_encrypted_or_none(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    write_setting(file, "updates.url", PAGE)
    for wrong in ("http://example.org", "ftp://example.org", "https://user:key@example.org", "example.org"):
        with pytest.raises(SettingsError):
            write_setting(file, "updates.url", wrong)
    assert load_settings(file).settings.updates.url == PAGE
    write_setting(file, "updates.url", "")
    assert load_settings(file).settings.updates.url == ""
