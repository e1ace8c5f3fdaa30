"""Compare the pins of a model with those that the hub itself states, before the first byte is downloaded.

The catalog's pins of some models were stated by others that pin the same files, since the hub could not be asked when
they were written. The bytes are checked against them in any case; this shows at once, and not after gigabytes, that the
hub has other files at this revision, and that no file outside the hub's storage was pinned.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import anyio
import httpx2

from models.catalog import CatalogModel, CodedError, HubSource, ModelError, ModelFile

_MOST_BYTES = 4_000_000
"""Longest listing that is read; that of a repository with a hundred files has 40,000."""


class HubError(CodedError):
    """The hub did not deliver the file. Its text is what the hub did instead, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class StatedFile:
    """What the hub states of a file: its size, and its sha256 if it lies in the storage for large files."""

    size: int
    sha256: str | None


async def check_pins(client: httpx2.AsyncClient, hub: str, model: CatalogModel, timeout_s: float) -> None:
    """Raise `ModelError` unless the hub states the model's files as they are pinned.

    Asks only where the pins are by third parties. Raises `HubError` if the hub does not answer.
    """
    if model.hub.pins == "hub":
        return
    stated = parse_listing(await _fetch_listing(client, listing_url(hub, model.hub), timeout_s))
    for file in model.hub.files:
        require_same(model.name, file, stated.get(file.name))


def listing_url(hub: str, source: HubSource) -> str:
    """Return where the hub lists the files of the repository at its revision."""
    return f"{hub}/api/models/{source.repository}/tree/{source.revision}"


def parse_listing(text: bytes) -> dict[str, StatedFile]:
    """Return the files of the hub's listing by name. Raises `HubError` if it is none."""
    try:
        return {entry["path"]: _parse_entry(entry) for entry in json.loads(text) if entry["type"] == "file"}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise HubError("hub-listing-unreadable") from error


def _parse_entry(entry: dict[str, Any]) -> StatedFile:
    large = entry.get("lfs") or {}
    digest = large.get("oid")
    return StatedFile(int(entry["size"]), None if digest is None else str(digest).removeprefix("sha256:"))


def require_same(name: str, pinned: ModelFile, stated: StatedFile | None) -> None:
    """Raise `ModelError` unless the hub states the file of the model `name` as it is pinned."""
    if stated is None or stated.sha256 is None:
        raise ModelError("model-pins-unstated", name=name, file=pinned.name)
    if (stated.size, stated.sha256.lower()) != (pinned.size, pinned.sha256):
        raise ModelError("model-pins-differ", name=name, file=pinned.name)


async def _fetch_listing(client: httpx2.AsyncClient, address: str, timeout_s: float) -> bytes:
    try:
        with anyio.fail_after(timeout_s):
            async with client.stream("GET", address) as response:
                response.raise_for_status()
                text = b""
                async for chunk in response.aiter_bytes():
                    text += chunk
                    if len(text) > _MOST_BYTES:
                        raise HubError("hub-listing-unreadable")
                return text
    except TimeoutError as error:
        raise HubError("hub-silent", seconds=f"{timeout_s:g}") from error
    except httpx2.HTTPStatusError as error:
        raise HubError("hub-refusing", status=str(error.response.status_code)) from error
    except httpx2.HTTPError as error:
        raise HubError("hub-unreachable") from error
