"""What is kept, made unreadable without a key: whole files, and sound while it is being written.

Each purpose has a key of its own, by HKDF from the one that is in the keyring, so that no two ciphers share one. A
whole file is AES-256-GCM with a nonce of its own: what was changed on the disk is refused. Sound that grows is
AES-256-CTR, which reads and writes at any place and survives a kill at any byte; whoever can write to the disk could
spoil it, and still read nothing. Both say by which key they are sealed, so that "another key" and "damaged" are told
apart. The key itself is bytes in this process alone: no `repr` shows it.

`cryptography` is imported when something is sealed or read: most never do.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

SECRET_BYTES = 32

ID_BYTES = 8

MAGIC = b"INTONE\x00\x01"
"""What a sealed file begins with; no audio file does."""

_NONCE = 12
_BEGIN = len(MAGIC) + ID_BYTES
_BLOCK = 16


@dataclass(frozen=True, slots=True)
class Key:
    """The one key; `secret` has `SECRET_BYTES`."""

    secret: bytes = field(repr=False)

    @property
    def id(self) -> bytes:
        """Which key it is, and nothing of what it is: `ID_BYTES` that may stand in a file."""
        return self.of("id")[:ID_BYTES]

    def of(self, purpose: str) -> bytes:
        """The key for one purpose, 32 bytes."""
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        return HKDF(SHA256(), 32, salt=None, info=f"intone {purpose}".encode()).derive(self.secret)


def seal(data: bytes | memoryview, key: Key, purpose: str = "file") -> bytes:
    """`data` sealed, with what is needed to open it but the key."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    begin, nonce = MAGIC + key.id, os.urandom(_NONCE)
    return begin + nonce + AESGCM(key.of(purpose)).encrypt(nonce, data, begin)


def sealed_by(begin: bytes) -> bytes | None:
    """The id of the key by which a file is sealed that begins with these bytes; None where it is not sealed."""
    return begin[len(MAGIC) : _BEGIN] if begin.startswith(MAGIC) and len(begin) >= _BEGIN else None


def unsealed(data: bytes, key: Key, purpose: str = "file") -> bytes:
    """What was given to `seal`. Raises `ValueError` where it is not that any more, or the key is another."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    begin, nonce, rest = data[:_BEGIN], data[_BEGIN : _BEGIN + _NONCE], data[_BEGIN + _NONCE :]
    try:
        return AESGCM(key.of(purpose)).decrypt(nonce.ljust(_NONCE), rest, begin)
    except InvalidTag:
        raise ValueError("it is damaged, or of another key") from None


class Stream:
    """Bytes that are sealed, or opened, at the place where they stand. One `nonce` serves one file."""

    def __init__(self, key: Key, nonce: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.algorithms import AES

        self.key = key
        self.nonce = nonce
        self._cipher = AES(key.of("stream"))
        self._first = int.from_bytes(nonce)

    @staticmethod
    def begun(key: Key) -> Stream:
        """A new one."""
        return Stream(key, os.urandom(_BLOCK))

    def through(self, data: bytes, at: int) -> bytes:
        """`data`, which begins `at` so many bytes from the beginning: sealed, or opened where it was."""
        from cryptography.hazmat.primitives.ciphers import Cipher
        from cryptography.hazmat.primitives.ciphers.modes import CTR

        block, skipped = divmod(at, _BLOCK)
        counter = ((self._first + block) % (1 << 8 * _BLOCK)).to_bytes(_BLOCK)
        crypt = Cipher(self._cipher, CTR(counter)).encryptor()
        return crypt.update(bytes(skipped) + data)[skipped:]
