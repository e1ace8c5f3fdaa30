"""Encryption at rest: what is kept becomes what the setting says (`turning`), files sealed as a whole and
sound that grows (`sealed`), the key (`seal_key`), and a recording as it lies on the disk, of either
kind (`recorded`)."""
