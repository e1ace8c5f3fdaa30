"""Locks between processes, and files that may be removed while they are open, as each system has them.

All locks are the kernel's, since they end with their process, however it ends. The system's functions are chosen here
and nowhere else (`docs/adr/0022`):

- `open_lock_file`: the descriptor of a file for nothing but a lock; closing it releases the lock.
- `try_lock`: lock such a file exclusively, or not at all.
- `try_lock_data`: the same for a file whose data others may read meanwhile.
- `lock_folder`: a lock that takes turns in writing a folder's files.
- `SharedLock`: a lock that several hold shared, or one exclusively; shared it is also given within itself.
- `open_removable`: a descriptor of a file that may lose its name meanwhile.
- `read_at`: read from an offset.
- `remove_file`: remove a file.
- `rename_over`: rename a file in place of another.
- `give_name`: give a file a name that no other has; its old one may stay.
"""

from __future__ import annotations

import errno
import sys

if sys.platform == "win32":
    from desktop.core.windows_files import SharedLockFile as SharedLock
    from desktop.core.windows_files import (
        give_name,
        lock_folder,
        open_lock_file,
        open_removable,
        read_at,
        remove_file,
        rename_over,
        try_lock,
        try_lock_data,
    )
else:
    from desktop.core.posix_files import FlockFile as SharedLock
    from desktop.core.posix_files import (
        give_name,
        lock_folder,
        open_lock_file,
        open_removable,
        read_at,
        remove_file,
        rename_over,
        try_lock,
        try_lock_data,
    )

__all__ = (
    "NO_LOCK_ERRNOS",
    "SharedLock",
    "give_name",
    "lock_folder",
    "open_lock_file",
    "open_removable",
    "read_at",
    "remove_file",
    "rename_over",
    "try_lock",
    "try_lock_data",
)

NO_LOCK_ERRNOS = (errno.EBADF, errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)
"""Errors of locks on file systems without them; NFS answers EBADF for some files."""
