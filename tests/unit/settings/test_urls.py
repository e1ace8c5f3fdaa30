"""What can be no address is refused where it is written, and costs an app that finds it in its file nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.core.errors import ServiceError, SettingsError, UserError
from desktop.network import services
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from desktop.settings.store import load_settings, write_setting
from desktop.settings.urls import validate_url

PORT, GENERAL = r"^Give a port from 1 to 65535\.$", r"^Give an address such as https://example\.org/v1\.$"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:11434/v1",
        "http://[::1]:8000/v1",
        "wss://speech_1.example.org",
        "https://bücher.example/v1",
        "https://example.org./v1",
        "http://host:",
        "HTTP://LOCALHOST:1",
    ],
)
def test_what_leads_somewhere_is_taken(url: str) -> None:
    assert validate_url(url) == url


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://127.0.0.1:114344/v1", PORT),
        ("http://127.0.0.1:0/v1", PORT),
        ("http://127.0.0.1:one/v1", PORT),
        ("http://127.0.0.1:-1/v1", PORT),
        ("http://192.168.1.300:11434", GENERAL),
        ("http://[::1", GENERAL),
        ("http://[fe80::12345]/v1", GENERAL),
        ("http://[v1.ab]/v1", GENERAL),
        ("https://example..org", GENERAL),
        (f"https://{'a' * 64}.org", GENERAL),
        ("https://exa mple.org", GENERAL),
        ("https://exa\tmple.org", GENERAL),
        ("https://example.org/v\x001", GENERAL),
        ("https://ex\u2028ample.org", GENERAL),
        ("https://\u2100.org", GENERAL),
        ("https:///v1", GENERAL),
        ("ftp://example.org", GENERAL),
        ("https://me:secret@example.org", "^Keep the key out of the address: "),
    ],
)
def test_what_leads_nowhere_is_refused_with_what_to_do(url: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        validate_url(url)


def test_wrong_port_digit_in_file_is_reported(tmp_path: Path) -> None:
    file, wrong = tmp_path / "settings.toml", "http://127.0.0.1:114344/v1"
    file.write_text(f'[recognizer]\nengine = "compatible"\n[engines.compatible]\nurl = "{wrong}"\n')
    loaded = load_settings(file)
    with pytest.raises(UserError, match=r"^The address in engines\.compatible\.url cannot be used\."):
        services.build_service("compatible", loaded.settings)
    assert tuple(map(str, loaded.warnings)) == (
        "Nothing that is kept is deleted or decrypted until engines.compatible.url is mended.",
        "No sound is sent until engines.compatible.url is mended.",
        f"engines.compatible.url cannot be {wrong}. Give a port from 1 to 65535.",
    )
    with pytest.raises(SettingsError, match="Or give `local`, for a model on this machine"):
        write_setting(file, "polish.url", wrong)


@pytest.mark.anyio
async def test_address_only_library_rejects_is_reported() -> None:
    client = ServiceClient()
    there = Service(
        "Example", f"http://127.0.0.1:9/{'v' * 70_000}", ServiceKey("polish", lambda name: ""), is_key_optional=True
    )
    with pytest.raises(ServiceError, match=r"^127\.0\.0\.1:9 is no address that can be asked\."):
        await client.request(there, "GET", "/models")
    await client.aclose()
