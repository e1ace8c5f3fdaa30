"""A Windows job object: a process with all that it starts, which end together.

A process that ends leaves its children behind on Windows, where nothing knows whose they were. Those of a job are known
to the system, and end at the latest when this process does. What a process has started before it was taken into a job
is not in it.
"""

from __future__ import annotations

import logging
from ctypes import byref, sizeof
from typing import Self

from desktop.platforms.windows import api
from desktop.platforms.windows.structures import JobLimits

logger = logging.getLogger(__name__)

EXTENDED_LIMITS, KILL_ON_JOB_CLOSE = 9, 0x2000
"""JobObjectExtendedLimitInformation, JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE."""

KILLED = 1
"""Exit status of what is killed."""


class ProcessJob:
    """A job without a process in it yet. Where the system makes none, nothing is killed by it."""

    def __init__(self) -> None:
        self._handle: int = api.create_job(None, None)
        limits = JobLimits(flags=KILL_ON_JOB_CLOSE)
        if not api.limit_job(self._handle, EXTENDED_LIMITS, byref(limits), sizeof(limits)):
            logger.warning("a job would outlive the app")

    @classmethod
    def of(cls, pid: int) -> Self:
        """Return a job with the process `pid`, which must not have been waited for."""
        job = cls()
        process = api.open_process(api.PROCESS_TERMINATE | api.PROCESS_SET_QUOTA, 0, pid)
        if not (process and api.assign_to_job(job._handle, process)):
            logger.debug("a process could not be taken into a job: it may have ended")
        if process:
            api.close_handle(process)
        return job

    def kill(self) -> None:
        """Kill all processes of the job, and close it."""
        handle, self._handle = self._handle, 0
        if handle:
            api.terminate_job(handle, KILLED)
            api.close_handle(handle)
