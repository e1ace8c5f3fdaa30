"""A team's server as packaging/server has it: Ray Serve with our application, and Caddy in front.

    with TeamServer(model=folder) as server, caddy(server.port) as front:
        front.url, front.context, front.environ      # what clients need
        server.replicas(), server.scale(2), kill(server.replicas()), server.kill_all(), server.start()

Ray runs in an environment of its own (`make ray`), with a home and a token of its own, which tells its processes.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from types import TracebackType
from typing import Any, Self
from urllib.error import URLError
from urllib.request import urlopen

import yaml

from tests.support.desk import until

ROOT = Path(__file__).parents[3]
RAY = ROOT / ".cache/ray/bin/ray"
FOLDER = ROOT / "packaging/server"
NOT_INSTALLED = "Ray Serve is not installed: make ray"

KEY = "0123456789abcdef0123456789abcdef"

START_S = 240.0
"""Seconds for a start: ten on two idle cores, minutes where other tests take them."""


@dataclass(frozen=True, slots=True)
class Front:
    """A running Caddy: `url` is OpenAI's base, `context` trusts it, `environ` has programs trust it, `log` is what it
    writes."""

    url: str
    context: ssl.SSLContext
    environ: dict[str, str]
    log: Path


@contextmanager
def caddy(port: int, key: str | None = KEY) -> Iterator[Front]:
    """Run the Caddyfile in front of what listens on `port`; with None for `key` the variable is not set."""
    with tempfile.TemporaryDirectory(prefix="intone-caddy-") as home:
        address = f"localhost:{free_port()}"
        environ = {"SPEECH_ADDRESS": address, "SPEECH_SERVERS": f"127.0.0.1:{port}"}
        environ |= {} if key is None else {"SPEECH_KEY": key}
        homes = {"HOME": home, "XDG_DATA_HOME": home, "XDG_CONFIG_HOME": home}
        command = ["caddy", "run", "--config", str(FOLDER / "Caddyfile"), "--adapter", "caddyfile"]
        log = Path(home) / "log.txt"
        with log.open("wb") as output:
            process = subprocess.Popen(command, env={**os.environ, **environ, **homes}, stdout=output, stderr=output)
        root = Path(home) / "caddy/pki/authorities/local/root.crt"
        try:
            until(lambda: root.exists() and _shakes_hands(address, root), "Caddy has its certificate")
            context = ssl.create_default_context(cafile=str(root))
            yield Front(f"https://{address}/v1", context, {"SSL_CERT_FILE": str(root)}, log)
        finally:
            process.terminate()
            process.wait(timeout=10)


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _shakes_hands(address: str, root: Path) -> bool:
    """Whether a handshake comes to its end: it listens before it has made its certificate."""
    host, port = address.split(":")
    try:
        trust = ssl.create_default_context(cafile=str(root))
        with socket.create_connection((host, int(port)), 5) as line, trust.wrap_socket(line, server_hostname=host):
            return True
    except OSError:
        return False


def kill(pids: Collection[int], by: signal.Signals = signal.SIGKILL) -> bool:
    """End processes at once, or send another signal; return whether there were any."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, by)
    return bool(pids)


@dataclass
class TeamServer:
    """The application on a Ray of its own: `count` replicas with `threads` each; `settings` replace some of the
    `args` in speech.yaml, `deployment` some of what it says of `Whisper`. Counts are at `metrics`."""

    model: Path
    count: int = 1
    threads: int = 1
    settings: dict[str, Any] = field(default_factory=dict)
    deployment: dict[str, Any] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    token: str = field(default_factory=lambda: token_hex(16))

    def __post_init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="intone-ray-"))  # a short path: sockets are made in it
        lines = (FOLDER / "speech.env").read_text().splitlines()
        chosen = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
        self.environ = {"PATH": f"{RAY.parent}:{os.environ['PATH']}", "HOME": str(self.home), **chosen}
        self.environ |= {"PYTHONPATH": str(FOLDER), "RAY_AUTH_TOKEN": self.token}

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def start(self) -> None:
        """Start Ray, and wait until the application answers."""
        self._gcs, metrics = free_port(), free_port()
        self.metrics = f"http://127.0.0.1:{metrics}/metrics"
        ports = [f"--port={self._gcs}", f"--ray-client-server-port={free_port()}"]
        ports += [f"--dashboard-agent-listen-port={free_port()}", f"--metrics-export-port={metrics}"]
        command = ["ray", "start", "--head", "--block", *ports, f"--temp-dir={self.home / 'ray'}", "--num-cpus=2"]
        command += ["--include-dashboard=false", "--disable-usage-stats", "--object-store-memory=200000000"]
        command += ["--plasma-directory=/dev/shm"]
        started = self.home / "started.txt"
        with started.open("wb") as output:
            self._ray = subprocess.Popen(
                command, env=self.environ, stdout=output, stderr=output, start_new_session=True
            )
        until(lambda: "runtime started" in started.read_text(), "Ray runs", START_S)
        self.deploy()
        until(self.answers, "the application answers", START_S)

    def deploy(self) -> None:
        """Deploy the application as it is to be now."""
        config = yaml.safe_load((FOLDER / "speech.yaml").read_text())
        config["http_options"]["port"] = self.port
        application = config["applications"][0]
        application["args"] |= self.settings
        application["args"]["model"] |= {"model_size_or_path": str(self.model), "cpu_threads": self.threads}
        whisper = next(each for each in application["deployments"] if each["name"] == "Whisper")
        del whisper["autoscaling_config"]
        whisper |= {"num_replicas": self.count, **self.deployment}
        whisper["ray_actor_options"] = {"num_cpus": self.threads}
        file = self.home / "speech.yaml"
        file.write_text(yaml.safe_dump(config))
        command = ["serve", "run", f"--address=127.0.0.1:{self._gcs}", "--non-blocking", str(file)]
        subprocess.run(command, env=self.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)

    def scale(self, count: int) -> None:
        """Have `count` replicas, and wait for them."""
        self.count = count
        self.deploy()
        until(lambda: len(self.replicas()) == count, f"there are {count} replicas", START_S)

    def answers(self) -> bool:
        """Return whether the application answers."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/v1/models", timeout=2) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def replicas(self, name: str = "Whisper") -> list[int]:
        """Return the processes of a deployment's replicas."""
        title = f"ray::ServeReplica:speech:{name}"
        return [pid for pid, command in self.processes().items() if command.startswith(title)]

    def processes(self) -> dict[int, str]:
        """Return all processes of this Ray, with their command lines."""
        found, token = {}, f"RAY_AUTH_TOKEN={self.token}".encode()
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if token in (folder / "environ").read_bytes():
                    found[int(folder.name)] = (folder / "cmdline").read_text(errors="replace").replace("\0", " ")
        return found

    def logs(self) -> Iterator[Path]:
        """Yield all that Ray has written."""
        return (path for path in (self.home / "ray").rglob("*") if path.is_file() and not path.is_symlink())

    def kill_all(self) -> None:
        """End all of Ray at once, as a crash of the machine does."""
        until(lambda: not kill(self.processes()), "Ray is gone")
        self._ray.wait()

    def close(self) -> None:
        """End all of it, and remove its files."""
        self.kill_all()
        shutil.rmtree(self.home, ignore_errors=True)
