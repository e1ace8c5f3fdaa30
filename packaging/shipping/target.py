"""What a Linux package is built for: this machine's processor, or another one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from shipping.project import run_program

PROCESSORS = {"amd64": "x86_64", "arm64": "aarch64"}
"""The processors that Linux packages are built for: Debian's name, and that of wheels and GNU's tools."""


class UnknownProcessor(SystemExit):
    """A package cannot be built for a processor."""


@dataclass(frozen=True)
class Target:
    """A processor, as Debian names it, and whether it is another one than this machine's."""

    architecture: str
    is_foreign: bool

    @classmethod
    def of(cls, architecture: str = "") -> Target:
        """Return the target of this name, by default this machine. Raises `UnknownProcessor`."""
        host = run_program("dpkg", "--print-architecture").strip()
        target = cls(architecture or host, architecture not in ("", host))
        target.check_known("Intone", PROCESSORS)
        return target

    def check_known(self, package: str, architectures: Collection[str]) -> None:
        """Raise `UnknownProcessor` where a `package` exists only for other `architectures`."""
        if self.architecture not in architectures:
            raise UnknownProcessor(
                f"{package} cannot be built for {self.architecture}: what it is made of is there for"
                f" {' and '.join(architectures)} alone."
            )

    @property
    def machine(self) -> str:
        """The processor's name among wheels and GNU's tools."""
        return PROCESSORS[self.architecture]

    @property
    def wheels(self) -> str:
        """`machine` where wheels for another processor are to be taken, else empty."""
        return self.machine if self.is_foreign else ""

    def name_folder(self, name: str) -> str:
        """Return the name of a folder of `build/`, of which each processor has its own."""
        return f"{name}-{self.architecture}" if self.is_foreign else name

    def command(self, name: str) -> str:
        """Return the command that makes a package for this target."""
        return f"make {name} ARCH={self.architecture}" if self.is_foreign else f"make {name}"
