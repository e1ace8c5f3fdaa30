"""Other machines: who is asked and with which key (`service`), the app's one HTTP client (`client`), how long each part
of an exchange took (`phases`), and what went wrong, in words (`faults`).

Nothing here runs unless the settings name an engine that is elsewhere. An exception of httpx2, of websockets or of the
system becomes a `ServiceProblem` in `faults` and nowhere else.
"""

from desktop.network.client import Answer, Body, Client
from desktop.network.faults import problems
from desktop.network.phases import Phases
from desktop.network.service import Secret, Service

__all__ = ["Answer", "Body", "Client", "Phases", "Secret", "Service", "problems"]
