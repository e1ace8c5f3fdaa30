"""Signatures by the real minisign are accepted as they are, and refused with anything changed."""

from __future__ import annotations

import base64
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.core.minisign import PublicKey, SignatureMismatchError, parse_public_key, verify_signature

pytestmark = pytest.mark.skipif(shutil.which("minisign") is None, reason="minisign is not installed")

DATA = b'{"version": "1.2.3"}\n'


@dataclass(frozen=True)
class Signer:
    """The program with a key pair in `folder`."""

    folder: Path

    def run(self, *words: str) -> None:
        subprocess.run(["minisign", *words], cwd=self.folder, check=True, capture_output=True)

    @property
    def public_text(self) -> str:
        return (self.folder / "key.pub").read_text().splitlines()[1]

    @property
    def key(self) -> PublicKey:
        return parse_public_key(self.public_text)

    def sign(self, data: bytes, *options: str) -> bytes:
        (self.folder / "file").write_bytes(data)
        self.run("-S", "-s", "key", "-m", "file", "-x", "signature", *options)
        return (self.folder / "signature").read_bytes()


def _make_signer(folder: Path) -> Signer:
    signer = Signer(folder)
    signer.run("-G", "-W", "-p", "key.pub", "-s", "key")
    return signer


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return _make_signer(tmp_path_factory.mktemp("signer"))


@pytest.fixture(scope="module")
def signature(signer: Signer) -> bytes:
    return signer.sign(DATA, "-t", "Intone 1.2.3, ä")


def test_verify_signature_of_the_program_returns_its_comment(signer: Signer, signature: bytes) -> None:
    assert verify_signature(DATA, signature, signer.key) == "Intone 1.2.3, ä"
    assert verify_signature(DATA, signature.replace(b"\n", b"\r\n"), signer.key) == "Intone 1.2.3, ä"
    assert verify_signature(b"", signer.sign(b""), signer.key).startswith("timestamp:")


def test_verify_signature_by_another_key_is_refused(signer: Signer, signature: bytes, tmp_path: Path) -> None:
    other = _make_signer(tmp_path)
    with pytest.raises(SignatureMismatchError, match="another key"):
        verify_signature(DATA, other.sign(DATA), signer.key)
    same_id = PublicKey(signer.key.id, other.key.key)
    with pytest.raises(SignatureMismatchError, match="not what was signed"):
        verify_signature(DATA, signature, same_id)


def test_verify_signature_without_digest_is_refused(signer: Signer) -> None:
    with pytest.raises(SignatureMismatchError, match="old versions"):
        verify_signature(DATA, signer.sign(DATA, "-l"), signer.key)


def test_verify_signature_of_another_file_is_refused(signer: Signer) -> None:
    with pytest.raises(SignatureMismatchError, match="not what was signed"):
        verify_signature(DATA, signer.sign(b"another file"), signer.key)


def test_verify_signature_with_another_comment_is_refused(signer: Signer, signature: bytes) -> None:
    with pytest.raises(SignatureMismatchError, match="not what was signed"):
        verify_signature(DATA, signature.replace(b"Intone 1.2.3", b"Intone 1.2.4"), signer.key)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(place=st.integers(0, len(DATA) - 1), flip=st.integers(1, 255))
def test_verify_signature_of_a_changed_byte_is_refused(signer: Signer, signature: bytes, place: int, flip: int) -> None:
    changed = bytes([*DATA[:place], DATA[place] ^ flip, *DATA[place + 1 :]])
    with pytest.raises(SignatureMismatchError):
        verify_signature(changed, signature, signer.key)


def test_verify_signature_cut_anywhere_is_refused(signer: Signer, signature: bytes) -> None:
    for length in range(len(signature) - 1):  # without the last line's end it is whole
        with pytest.raises(SignatureMismatchError):
            verify_signature(DATA, signature[:length], signer.key)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_verify_signature_with_a_changed_byte_is_refused_or_the_same(
    signer: Signer, signature: bytes, data: st.DataObject
) -> None:
    first = signature.index(b"\n")  # before it stands a comment that is not signed
    place = data.draw(st.integers(first, len(signature) - 2))
    changed = bytes([*signature[:place], data.draw(st.integers(0, 255)), *signature[place + 1 :]])
    if _signed_part(changed) == _signed_part(signature):  # base64's last digit has bits of no meaning
        return
    with pytest.raises(SignatureMismatchError):
        verify_signature(DATA, changed, signer.key)


def _signed_part(signature: bytes) -> object:
    try:
        _, body, comment, comment_body = signature.removesuffix(b"\n").split(b"\n")
        return base64.b64decode(body, validate=True), comment, base64.b64decode(comment_body, validate=True)
    except ValueError:
        return signature


@pytest.mark.parametrize("text", ["", "RW", "ä", "RWQ" * 30, "-----BEGIN PGP", "=" * 56])
def test_parse_public_key_of_anything_else_raises(text: str) -> None:
    with pytest.raises(ValueError):
        parse_public_key(text)


def test_parse_public_key_of_a_signature_raises(signer: Signer, signature: bytes) -> None:
    with pytest.raises(ValueError):
        parse_public_key(signature.splitlines()[1].decode())
    assert parse_public_key(f" {signer.public_text}\n") == signer.key
