"""Nothing phones home: an app that asks no service opens no connection, from its start through a dictation."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.conftest import Clip
from tests.e2e.test_secrets import below
from tests.support.desk import ROOT, Desk


def internet_sockets(pid: int) -> list[str]:
    """The sockets of the internet's protocols that a process and those it started hold."""
    held = set()
    for process in (Path(f"/proc/{pid}"), *below(pid)):
        for fd in (process / "fd").iterdir():
            try:
                held.add(str(fd.readlink()))
            except FileNotFoundError:
                continue  # closed meanwhile
    lines = [
        line.split()
        for table in ("tcp", "tcp6", "udp", "udp6")
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]
    ]
    return [" ".join(line[:4]) for line in lines if f"socket:[{line[9]}]" in held]


def knocked(proxy: socket.socket) -> str:
    """What was asked of it first; empty where nothing was."""
    try:
        client, _ = proxy.accept()
    except BlockingIOError:
        return ""
    with client:
        client.settimeout(1)
        return client.recv(200).decode(errors="replace").splitlines()[0]


def test_app_without_services_opens_no_connection(clips: list[Clip], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy, Desk(tmp_path / "desk") as desk:
        proxy.setblocking(False)
        (desk.home / "models").symlink_to(ROOT / ".cache/home/models")
        (desk.home / "settings.toml").write_text('[updates]\nurl = "https://updates.example/newest"\n')
        address = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        desk.environ |= dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "https_proxy", "all_proxy"), address)
        desk.start()
        desk.wait_ready()
        assert desk.app is not None
        assert knocked(proxy) == ""
        assert internet_sockets(desk.app.pid) == []
        desk.open_qt_editor(tmp_path / "text")
        desk.dictate(clips[4].path)
        desk.wait_rows(1)
        assert internet_sockets(desk.app.pid) == []
        assert knocked(proxy) == ""
