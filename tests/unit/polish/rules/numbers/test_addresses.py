"""Mailbox names, places behind "at", ports and paths."""

from __future__ import annotations

import pytest

from tests.support.spoken_numbers import typed


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("They're at acme dot io.", "They're at acme.io."),
        ("Where's at acme dot org?", "Where's at acme.org?"),
        ("Tom's at acme dot com and Eve's at lunch.", "Tom's at acme.com and Eve's at lunch."),
        ("Offers at acme dot com end soon.", "Offers at acme.com end soon."),
        ("Prices at acme dot com.", "Prices at acme.com."),
        ("I spoke to friends at acme dot com", "I spoke to friends at acme.com"),
        ("He's at github dot com slash acme slash docs.", "He's at github.com/acme/docs."),
        ("see acme dot com slash for slash eve dash fox", "see acme.com/for/eve-fox"),
        ("clone git at forge dot org colon eve slash tools dot git", "clone git@forge.org:eve/tools.git"),
        ("write to eve at acme dot com colon she knows", "write to eve@acme.com colon she knows"),
    ],
)
def test_plain_word_before_a_place_is_no_mailbox(said: str, written: str) -> None:
    assert typed(said) == written


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("my email is eve at acme dot com", "my email is eve@acme.com"),
        ("please write to eve at acme dot com", "please write to eve@acme.com"),
        ("Contact billing at acme dot com.", "Contact billing@acme.com."),
        ("forward it to eve at acme dot com today", "forward it to eve@acme.com today"),
        ("ask eve at gmail dot com", "ask eve@gmail.com"),
        ("ask eve dot fox at acme dot com", "ask eve.fox@acme.com"),
        ("it says info at acme dot com", "it says info@acme.com"),
        ("eve at acme dot com", "eve@acme.com"),
    ],
)
def test_announced_or_certain_mailbox_is_one(said: str, written: str) -> None:
    assert typed(said) == written == typed(written)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("open localhost colon eight zero eight zero slash admin", "open localhost:8080/admin"),
        ("open acme dot org colon eight thousand slash x", "open acme.org:8000/x"),
        ("ping ten dot zero dot zero dot one colon eighty", "ping 10.0.0.1:80"),
        ("https colon slash slash acme dot com slash docs", "https://acme.com/docs"),
        ("look into d colon backslash music backslash old", "look into D:\\music\\old"),
    ],
)
def test_port_scheme_and_drive_keep_their_colon(said: str, written: str) -> None:
    assert typed(said) == written == typed(written)
