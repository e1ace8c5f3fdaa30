"""Encryption of stored data: whole files, and audio while it is being written.

Each purpose has a key of its own, by HKDF from the one in the keyring, so that no two ciphers share one. A whole file
is AES-256-GCM with a nonce of its own: data that was changed on the disk is rejected. Growing audio is AES-256-CTR,
which reads and writes at any offset and survives a kill at any byte; anyone who can write to the disk could corrupt it,
and still read nothing. Both record which key encrypts them, so that "another key" and "damaged" are distinguished. The
key itself is bytes in this process alone: no `repr` shows it.

`cryptography` is imported when something is encrypted or read: most processes never do.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

SECRET_BYTES = 32

ID_BYTES = 8

MAGIC = b"INTONE\x00\x01"
"""The first bytes of an encrypted file; no audio file begins so."""

_NONCE = 12
_BEGIN = len(MAGIC) + ID_BYTES
_BLOCK = 16


@dataclass(frozen=True, slots=True)
class Key:
    """The main key; `secret` has `SECRET_BYTES`."""

    secret: bytes = field(repr=False)

    @property
    def id(self) -> bytes:
        """Return the id of the key: `KEY_ID_BYTES` that reveal nothing of it and may be stored in a file."""
        return self.of("id")[:ID_BYTES]

    def of(self, purpose: str) -> bytes:
        """Return the derived key for one purpose, 32 bytes."""
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        return HKDF(SHA256(), 32, salt=None, info=f"intone {purpose}".encode()).derive(self.secret)


def seal(data: bytes | memoryview, key: Key, purpose: str = "file") -> bytes:
    """Return `data` encrypted, with everything but the key that decryption needs."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    begin, nonce = MAGIC + key.id, os.urandom(_NONCE)
    return begin + nonce + AESGCM(key.of(purpose)).encrypt(nonce, data, begin)


def sealed_by(begin: bytes) -> bytes | None:
    """Return the id of the key of an encrypted file that begins with `header`; None where it is not encrypted."""
    return begin[len(MAGIC) : _BEGIN] if begin.startswith(MAGIC) and len(begin) >= _BEGIN else None


def unsealed(data: bytes, key: Key, purpose: str = "file") -> bytes:
    """Return what `encrypt_bytes` was called with. Raises `ValueError` where it was changed, or the key is another."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    begin, nonce, rest = data[:_BEGIN], data[_BEGIN : _BEGIN + _NONCE], data[_BEGIN + _NONCE :]
    try:
        return AESGCM(key.of(purpose)).decrypt(nonce.ljust(_NONCE), rest, begin)
    except InvalidTag:
        raise ValueError("it is damaged, or of another key") from None


class Stream:
    """A cipher that encrypts, or decrypts, bytes at any offset. One `nonce` serves one file."""

    def __init__(self, key: Key, nonce: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.algorithms import AES

        self.key = key
        self.nonce = nonce
        self._cipher = AES(key.of("stream"))
        self._first = int.from_bytes(nonce)

    @staticmethod
    def begun(key: Key) -> Stream:
        """Return a cipher with a new nonce."""
        return Stream(key, os.urandom(_BLOCK))

    def through(self, data: bytes, at: int) -> bytes:
        """Return `data`, which begins at byte `offset`, encrypted or, where it was, decrypted."""
        from cryptography.hazmat.primitives.ciphers import Cipher
        from cryptography.hazmat.primitives.ciphers.modes import CTR

        block, skipped = divmod(at, _BLOCK)
        counter = ((self._first + block) % (1 << 8 * _BLOCK)).to_bytes(_BLOCK)
        crypt = Cipher(self._cipher, CTR(counter)).encryptor()
        return crypt.update(bytes(skipped) + data)[skipped:]
