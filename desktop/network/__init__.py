"""The app's connections to other machines.

Nothing here runs unless the settings name a remote service. An exception of httpx2, of websockets or of the system
becomes a `ServiceError` in `network.errors` and nowhere else.
"""

from desktop.network.client import Answer, Body, Client
from desktop.network.faults import problems
from desktop.network.phases import Phases
from desktop.network.service import Secret, Service

__all__ = ["Answer", "Body", "Client", "Phases", "Secret", "Service", "problems"]
