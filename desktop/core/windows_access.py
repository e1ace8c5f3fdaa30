"""Access lists of folders on Windows, which take the place of modes (`docs/adr/0022`).

A folder of ours gets a list that names the user. `os.mkdir` with a mode would name the owner instead, and what a
program makes as administrator is owned by the administrators: the same user without elevation could not open it. Files
inherit their folder's list. Lists are read in the system's notation (SDDL), by functions that run on each system.
"""

from __future__ import annotations

import ctypes
import re
from contextlib import suppress
from ctypes import POINTER, byref, c_int, c_size_t, c_uint32, c_void_p, c_wchar_p
from functools import cache
from pathlib import Path
from typing import Any

from desktop.core.windows_files import last_error, load_kernel, make_os_error

_FOLDER_LIST = "D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;{user})"
"""All rights for the system, the administrators and the user, for the folder and what will be in it, and nothing from
above."""

_TRUSTED = ("SY", "S-1-5-18", "BA", "S-1-5-32-544", "DA", "CO", "S-1-3-0", "OW", "S-1-3-4")
"""Who may read everything: the system, administrators, and the owner, which `find_other_readers` looks at besides."""

_PACKAGES = ("AC", "S-1-15-")
"""Apps in packages: they need the user's rights besides."""

_ALLOWING = ("A", "OA", "XA", "ZA")
_OWNER_AND_LIST, _SDDL_1, _FILE_OBJECT = 0x1 | 0x4, 1, 1
_TOKEN_QUERY, _TOKEN_USER, _SID_BYTES = 0x8, 1, 128


class SecurityAttributes(ctypes.Structure):
    """`SECURITY_ATTRIBUTES`."""

    _fields_ = (("size", c_uint32), ("descriptor", c_void_p), ("inherit", c_int))


def make_user_folder(folder: Path) -> None:
    """Create a folder for the user, administrators and the system. One that exists is left as it is. Raises
    `OSError`."""
    descriptor = c_void_p()
    text = _FOLDER_LIST.format(user=find_user())
    if not _security().ConvertStringSecurityDescriptorToSecurityDescriptorW(text, _SDDL_1, byref(descriptor), None):
        raise make_os_error(last_error())
    try:
        attributes = SecurityAttributes(ctypes.sizeof(SecurityAttributes), descriptor, 0)
        if not load_kernel().CreateDirectoryW(str(folder), byref(attributes)):
            raise make_os_error(last_error())
    except FileExistsError:
        if not folder.is_dir():
            raise
    finally:
        load_kernel().LocalFree(descriptor)


def find_open_folders(folders: list[Path]) -> list[Path]:
    """Return the folders that other users may read; those whose list cannot be read are left out."""
    return [folder for folder in folders if find_folder_readers(folder)]


def find_folder_readers(folder: Path) -> list[str] | None:
    """Return who may read a folder, as `find_other_readers`; None where its list cannot be read."""
    with suppress(OSError):
        return find_other_readers(_read_descriptor(folder), find_user())
    return None


def find_other_readers(descriptor: str, user: str) -> list[str]:
    """Return who has any access, and is neither `user` nor trusted, by a security descriptor: SIDs, or the system's
    short names. Everyone has it without a list."""
    trusted = (*_TRUSTED, user, *(["LA"] if user.endswith("-500") else []))  # "LA" is the first administrator
    owner, flags, entries = _parse_descriptor(descriptor)
    allowed = [owner] if owner else []
    if flags is None or "NO_ACCESS_CONTROL" in flags:
        allowed.append("WD")
    allowed += [fields[5] for entry in entries if (fields := entry.split(";"))[0] in _ALLOWING and len(fields) > 5]
    others = [name for name in allowed if name not in trusted and not name.startswith(_PACKAGES)]
    return list(dict.fromkeys(others))


def _parse_descriptor(descriptor: str) -> tuple[str, str | None, list[str]]:
    """Return the owner, the flags of the access list (None without one), and its entries."""
    owner = re.match(r"O:(S-[\d-]+|[A-Z]{2})", descriptor)
    access = re.search(r"D:([A-Z_]*)((?:\(.*?\))*)(?:S:|$)", descriptor, re.DOTALL)
    if access is None:
        return (owner[1] if owner else "", None, [])
    return (owner[1] if owner else "", access[1], re.findall(r"\(([^()]*)", access[2]))


@cache
def find_user() -> str:
    """Return this process's user as a SID, which elevation does not change. Raises `OSError`."""
    token, needed = c_size_t(), c_uint32()
    if not _security().OpenProcessToken(load_kernel().GetCurrentProcess(), _TOKEN_QUERY, byref(token)):
        raise make_os_error(last_error())
    try:
        buffer = (c_void_p * _SID_BYTES)()  # begins with the address of the SID behind it
        size = ctypes.sizeof(buffer)
        if not _security().GetTokenInformation(token.value, _TOKEN_USER, buffer, size, byref(needed)):
            raise make_os_error(last_error())
        text = c_void_p()
        if not _security().ConvertSidToStringSidW(buffer[0], byref(text)):
            raise make_os_error(last_error())
        return _take_text(text)
    finally:
        load_kernel().CloseHandle(token.value)


def _read_descriptor(folder: Path) -> str:
    """Return owner and list of a folder."""
    descriptor, text = c_void_p(), c_void_p()
    code = _security().GetNamedSecurityInfoW(
        str(folder), _FILE_OBJECT, _OWNER_AND_LIST, None, None, None, None, byref(descriptor)
    )
    if code:
        raise make_os_error(code)
    try:
        if not _security().ConvertSecurityDescriptorToStringSecurityDescriptorW(
            descriptor, _SDDL_1, _OWNER_AND_LIST, byref(text), None
        ):
            raise make_os_error(last_error())
        return _take_text(text)
    finally:
        load_kernel().LocalFree(descriptor)


def _take_text(text: c_void_p) -> str:
    """Return a text that the system made, and free it."""
    try:
        return ctypes.wstring_at(text.value or 0)
    finally:
        load_kernel().LocalFree(text)


@cache
def _security() -> Any:
    security = ctypes.CDLL("advapi32", use_last_error=True)
    pointer = POINTER(c_void_p)
    security.ConvertStringSecurityDescriptorToSecurityDescriptorW.argtypes = (c_wchar_p, c_uint32, pointer, c_void_p)
    security.ConvertSecurityDescriptorToStringSecurityDescriptorW.argtypes = (
        *(c_void_p, c_uint32, c_uint32, pointer, c_void_p),
    )
    security.GetNamedSecurityInfoW.argtypes = (c_wchar_p, c_int, c_uint32, *((c_void_p,) * 4), pointer)
    security.OpenProcessToken.argtypes = (c_size_t, c_uint32, POINTER(c_size_t))
    security.GetTokenInformation.argtypes = (c_size_t, c_int, c_void_p, c_uint32, POINTER(c_uint32))
    security.ConvertSidToStringSidW.argtypes = (c_void_p, pointer)
    return security
