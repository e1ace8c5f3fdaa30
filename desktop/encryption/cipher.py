"""Encrypt stored data: whole files, and audio while it is being written (`docs/adr/0008`).

Each purpose has a key of its own, by HKDF from the one in the keyring. A whole file is AES-256-GCM with a nonce of its
own: data that was changed on the disk is rejected. Growing audio is AES-256-CTR, which reads and writes at any offset
and survives a kill at any byte; anyone who can write to the disk could corrupt it, and still read nothing. Both record
which key encrypts them, so that "another key" and "damaged" are distinguished. The key itself is bytes in this process
alone: no `repr` shows it.

`cryptography` is imported when something is encrypted or read: most processes never do.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

SECRET_BYTES = 32

KEY_ID_BYTES = 8

MAGIC = b"INTONE\x00\x01"
"""The first bytes of an encrypted file; no audio file begins so."""

_NONCE_BYTES = 12
_HEADER_BYTES = len(MAGIC) + KEY_ID_BYTES
_BLOCK_BYTES = 16


@dataclass(frozen=True, slots=True)
class EncryptionKey:
    """The main key; `secret` has `SECRET_BYTES`."""

    secret: bytes = field(repr=False)

    @property
    def id(self) -> bytes:
        """Return the id of the key: `KEY_ID_BYTES` that reveal nothing of it and may be stored in a file."""
        return self.derive("id")[:KEY_ID_BYTES]

    def derive(self, purpose: str) -> bytes:
        """Return the derived key for one purpose, 32 bytes."""
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        return HKDF(SHA256(), 32, salt=None, info=f"intone {purpose}".encode()).derive(self.secret)


def encrypt_bytes(data: bytes | memoryview, key: EncryptionKey, purpose: str = "file") -> bytes:
    """Return `data` encrypted, with everything but the key that decryption needs."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    header, nonce = MAGIC + key.id, os.urandom(_NONCE_BYTES)
    return header + nonce + AESGCM(key.derive(purpose)).encrypt(nonce, data, header)


def parse_key_id(header: bytes) -> bytes | None:
    """Return the id of the key of an encrypted file that begins with `header`; None where it is not encrypted."""
    return header[len(MAGIC) : _HEADER_BYTES] if header.startswith(MAGIC) and len(header) >= _HEADER_BYTES else None


def decrypt_bytes(data: bytes, key: EncryptionKey, purpose: str = "file") -> bytes:
    """Return what `encrypt_bytes` was called with. Raises `ValueError` where it was changed, or the key is another."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    header, nonce, rest = (
        data[:_HEADER_BYTES],
        data[_HEADER_BYTES : _HEADER_BYTES + _NONCE_BYTES],
        data[_HEADER_BYTES + _NONCE_BYTES :],
    )
    try:
        return AESGCM(key.derive(purpose)).decrypt(nonce.ljust(_NONCE_BYTES), rest, header)
    except InvalidTag:
        raise ValueError("it is damaged, or of another key") from None


class StreamCipher:
    """A cipher that encrypts, or decrypts, bytes at any offset. One `nonce` serves one file."""

    def __init__(self, key: EncryptionKey, nonce: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.algorithms import AES

        self.key = key
        self.nonce = nonce
        self._cipher = AES(key.derive("stream"))
        self._first_block = int.from_bytes(nonce)

    @staticmethod
    def create(key: EncryptionKey) -> StreamCipher:
        """Return a cipher with a new nonce."""
        return StreamCipher(key, os.urandom(_BLOCK_BYTES))

    def apply(self, data: bytes, offset: int) -> bytes:
        """Return `data`, which begins at byte `offset`, encrypted or, where it was, decrypted."""
        from cryptography.hazmat.primitives.ciphers import Cipher
        from cryptography.hazmat.primitives.ciphers.modes import CTR

        block, skipped = divmod(offset, _BLOCK_BYTES)
        counter = ((self._first_block + block) % (1 << 8 * _BLOCK_BYTES)).to_bytes(_BLOCK_BYTES)
        crypt = Cipher(self._cipher, CTR(counter)).encryptor()
        return crypt.update(bytes(skipped) + data)[skipped:]
