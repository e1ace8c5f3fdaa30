"""Encrypt what is stored on disk, with a key in the keyring."""
