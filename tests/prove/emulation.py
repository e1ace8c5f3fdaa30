"""Programs of another processor run here: qemu-user as the kernel's interpreter for them, for as long as a proof lasts.

The handler is registered with the flag F: the kernel opens qemu once, here, so that it also serves where no qemu is, in
the root of another Debian. A handler that is there already, with that flag, is used and stays.
"""

from __future__ import annotations

import platform
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.prove.recordings import Absent

HANDLERS = Path("/proc/sys/fs/binfmt_misc")

NAME = "intone-aarch64"

PROCESSOR = {"QEMU_CPU": "neoverse-n1"}
"""The processor that qemu plays, as it reads it from a program's environment: one that servers have.

With all that qemu 10 can play (its own choice), the BLAS in NumPy's wheel takes its kernels for SME, and these multiply
matrices of doubles wrongly there, by up to all of the result. With this one, cortex-a72 and neoverse-v1 they are right.
"""

MAGIC = "7f454c4602010100000000000000000002 00b700".replace(" ", "")
MASK = "ffffffffffffff00fffffffffffffffffe ffffff".replace(" ", "")
"""The first 20 bytes of a program for aarch64, and which of their bits count: as qemu's own qemu-binfmt-conf.sh has
them."""


def rule(interpreter: str) -> str:
    """The line that registers `interpreter`, keeping a program's own first argument (P) and opened at once (F)."""
    spelled = ["".join(f"\\x{digits[at : at + 2]}" for at in range(0, len(digits), 2)) for digits in (MAGIC, MASK)]
    return f":{NAME}:M::{spelled[0]}:{spelled[1]}:{interpreter}:PF"


def serves(handler: str) -> bool:
    """Whether what the kernel says of a handler is one for aarch64 that is on and works in another root."""
    lines = handler.splitlines()
    flags = next((line.partition(":")[2] for line in lines if line.startswith("flags:")), "")
    return "enabled" in lines and f"magic {MAGIC}" in lines and "F" in flags


@contextmanager
def emulated() -> Iterator[str]:
    """Run programs for aarch64 within this block; the block gets what runs them."""
    if platform.machine() == "aarch64":
        yield "the processor"
        return
    interpreter = shutil.which("qemu-aarch64")
    if interpreter is None or shutil.which("arch-test") is None:
        raise Absent("this needs qemu-user and arch-test, packaging/debian/emulation.txt")
    mounted_here = not (HANDLERS / "register").exists()
    if mounted_here:
        mount = ["mount", "-t", "binfmt_misc", "binfmt_misc", HANDLERS]
        said = subprocess.run(mount, capture_output=True, text=True)
        if said.returncode:
            raise Absent(f"the kernel runs no programs of another processor here: {said.stderr.strip()}")
    try:
        others = [path for path in HANDLERS.iterdir() if path.name not in ("register", "status", NAME)]
        if any(serves(path.read_text()) for path in others):
            yield _version(interpreter)
            return
        _forget()  # one that was left by a proof that was killed
        (HANDLERS / "register").write_text(rule(interpreter))
        try:
            yield _version(interpreter)
        finally:
            _forget()
    finally:
        if mounted_here:
            subprocess.run(["umount", HANDLERS], check=True)


def _forget() -> None:
    if (HANDLERS / NAME).exists():
        (HANDLERS / NAME).write_text("-1")


def _version(interpreter: str) -> str:
    said = subprocess.run([interpreter, "--version"], capture_output=True, text=True, check=True).stdout
    return said.splitlines()[0]
