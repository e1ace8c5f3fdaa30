"""Connections to X servers that do not let us in."""

from __future__ import annotations

import socket

import pytest

from desktop.platforms.linux.x11_display import open_display

X_PORT = 6000
"""The port of display 0."""


def test_silent_x_server_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        with pytest.raises(TimeoutError):
            open_display(f"127.0.0.1:{server.getsockname()[1] - X_PORT}", timeout_s=0.1)
        server.accept()[0].close()  # ends the thread that still waits


def test_name_of_no_x_server_is_said() -> None:
    with pytest.raises(OSError, match="nonsense"):
        open_display("nonsense")
