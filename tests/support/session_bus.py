"""A session bus that starts only the services it was given, whatever else is installed on the machine.

`dbus-daemon --session` starts every service that a package has put down, such as the portals of a desktop that is
installed and does not run.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.support.other_systems import DBUS, only_on_linux

NO_SERVICES = Path(__file__).with_suffix(".conf")
"""The configuration of a bus that starts nothing, for `dbus-daemon` and `dbus-run-session`."""

ANYWHERE = "unix:tmpdir=/tmp"
"""Where it listens."""

ACCESSIBILITY = "org.a11y.*"
XFCE_SETTINGS = "org.xfce.Xfconf"

INSTALLED = Path("/usr/share/dbus-1/services")
"""Where packages put the services of session buses."""


def write_bus_config(folder: Path, services: Iterable[str], listen: str = ANYWHERE) -> Path:
    """Write the configuration of a bus into `folder` and return it. `services`: what it may start, names with `*`."""
    chosen = folder / "services"
    chosen.mkdir()
    for pattern in services:
        for file in INSTALLED.glob(f"{pattern}.service"):
            (chosen / file.name).symlink_to(file)
    config = folder / "bus.conf"
    entry = f"  <servicedir>{chosen}</servicedir>\n</busconfig>"
    config.write_text(NO_SERVICES.read_text().replace(ANYWHERE, listen).replace("</busconfig>", entry))
    return config


@contextmanager
def session_bus(environ: Mapping[str, str] | None = None, services: Iterable[str] = ()) -> Iterator[str]:
    """Yield the address of a bus. What it starts has the environment `environ`, the tests' own by default."""
    only_on_linux(DBUS)
    with tempfile.TemporaryDirectory(prefix="bus-") as folder:
        command = ["dbus-daemon", f"--config-file={write_bus_config(Path(folder), services)}"]
        with subprocess.Popen(
            [*command, "--nofork", "--print-address=1"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ if environ is None else environ,
        ) as bus:
            assert bus.stdout is not None
            try:
                address = bus.stdout.readline().decode().strip()
                assert address, "the bus did not start"
                yield address
            finally:
                bus.terminate()
