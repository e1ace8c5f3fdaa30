"""Programs of another processor run here: qemu-user as the kernel's interpreter for them, for as long as a proof lasts.

The handler is registered with the flag F: the kernel opens qemu once, here, so that it also serves where no qemu is, in
the root of another Debian. A handler of the system's that has this flag is used and stays. Each process has one of its
own, so that two proofs do not take each other's away.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.prove.recordings import Absent

HANDLERS = Path("/proc/sys/fs/binfmt_misc")

PREFIX = "intone-aarch64-"
"""How the handlers registered here are named; the process's number follows."""

PROCESSOR = {"QEMU_CPU": "neoverse-n1"}
"""The processor that qemu plays, as it reads it from a program's environment: one that servers have.

With all that qemu 10 can play (its own choice), the BLAS in NumPy's wheel takes its kernels for SME, and these multiply
matrices of doubles wrongly there, by up to all of the result. With this one, cortex-a72 and neoverse-v1 they are right.
"""

MAGIC = "7f454c460201010000000000000000000200b700"
MASK = "ffffffffffffff00fffffffffffffffffeffffff"
"""The first 20 bytes of a program for aarch64, and which of their bits count: as qemu's own qemu-binfmt-conf.sh has
them."""


def rule(name: str, interpreter: str) -> str:
    """The line that registers `interpreter` by `name`: it is opened at once (F), and a program keeps its first argument
    (P)."""
    spelled = ["".join(f"\\x{digits[at : at + 2]}" for at in range(0, len(digits), 2)) for digits in (MAGIC, MASK)]
    return f":{name}:M::{spelled[0]}:{spelled[1]}:{interpreter}:PF"


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
        for left in HANDLERS.glob(f"{PREFIX}*"):
            if not Path("/proc", left.name.removeprefix(PREFIX)).exists():  # a proof that was killed
                left.write_text("-1")
        others = [path for path in HANDLERS.iterdir() if path.name not in ("register", "status")]
        if any(serves(path.read_text()) for path in others if not path.name.startswith(PREFIX)):
            yield _version(interpreter)
            return
        name = f"{PREFIX}{os.getpid()}"
        (HANDLERS / "register").write_text(rule(name, interpreter))
        try:
            yield _version(interpreter)
        finally:
            (HANDLERS / name).write_text("-1")
    finally:
        if mounted_here:
            subprocess.run(["umount", HANDLERS], check=True)


def _version(interpreter: str) -> str:
    said = subprocess.run([interpreter, "--version"], capture_output=True, text=True, check=True).stdout
    return said.splitlines()[0]
