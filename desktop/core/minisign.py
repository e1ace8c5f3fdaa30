"""Verify signatures in the format of minisign: Ed25519 of a BLAKE2b digest, with a comment that is signed as well.

Only prehashed signatures (`ED`) are accepted, which the program makes since 0.10; the older ones (`Ed`) sign the file
itself. The format is described at https://jedisct1.github.io/minisign/.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

KEY_ALGORITHM, PREHASHED = b"Ed", b"ED"

KEY_ID_BYTES, KEY_BYTES, SIGNATURE_BYTES = 8, 32, 64

MAX_SIGNATURE_BYTES = 4096
"""Maximum bytes of a signature's file; the program limits the trusted comment to 8 kB, ours has some 60 characters."""

_UNTRUSTED, _TRUSTED = b"untrusted comment: ", b"trusted comment: "


class SignatureMismatchError(Exception):
    """The data are not what the holder of the key has signed, or the signature is none; the text says which."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key, and the id by which signatures name it."""

    id: bytes
    key: bytes


def parse_public_key(text: str) -> PublicKey:
    """Parse the second line of a public key's file, which the program also prints. Raises `ValueError`."""
    data = _decode(text.strip().encode("ascii"))
    if len(data) != 2 + KEY_ID_BYTES + KEY_BYTES or data[:2] != KEY_ALGORITHM:
        raise ValueError("no public key of minisign")
    return PublicKey(data[2 : 2 + KEY_ID_BYTES], data[2 + KEY_ID_BYTES :])


def verify_signature(data: bytes, signature: bytes, key: PublicKey) -> str:
    """Verify that the file `signature` is one of `data` by `key`, and return its trusted comment.

    Raises `SignatureMismatchError`.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    body, comment, comment_body = _parse_signature(signature)
    algorithm, key_id, signed = body[:2], body[2 : 2 + KEY_ID_BYTES], body[2 + KEY_ID_BYTES :]
    if algorithm != PREHASHED:
        raise SignatureMismatchError("signed without a digest, as by old versions of minisign")
    if key_id != key.id:
        raise SignatureMismatchError("signed by another key")
    public = Ed25519PublicKey.from_public_bytes(key.key)
    try:
        public.verify(signed, hashlib.blake2b(data).digest())
        public.verify(comment_body, signed + comment)
    except InvalidSignature as error:
        raise SignatureMismatchError("not what was signed") from error
    return comment.decode(errors="replace")


def _parse_signature(signature: bytes) -> tuple[bytes, bytes, bytes]:
    """Return the signature with algorithm and key id, the trusted comment, and the signature of both."""
    lines = [line.removesuffix(b"\r") for line in signature.removesuffix(b"\n").split(b"\n")]
    if len(lines) != 4 or not lines[0].startswith(_UNTRUSTED) or not lines[2].startswith(_TRUSTED):
        raise SignatureMismatchError("no signature of minisign")
    try:
        body, comment_body = _decode(lines[1]), _decode(lines[3])
    except ValueError as error:
        raise SignatureMismatchError("no signature of minisign") from error
    if len(body) != 2 + KEY_ID_BYTES + SIGNATURE_BYTES or len(comment_body) != SIGNATURE_BYTES:
        raise SignatureMismatchError("a signature of another length")
    return body, lines[2].removeprefix(_TRUSTED), comment_body


def _decode(line: bytes) -> bytes:
    try:
        return base64.b64decode(line, validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error
