"""What was measured of one service. Everything is None, or empty, where it could not be or does not apply."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from desktop.network import Phases


class Stage(StrEnum):
    """How far one came before something went wrong."""

    KEY = "key"
    NAME = "name"
    CONNECT = "connect"
    ENCRYPT = "encrypt"
    REQUEST = "request"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong, in words; `status` is that of the HTTP answer, where there was one. `nobody`: the machine is
    there, and no server runs on it."""

    stage: Stage
    title: str
    remedy: str = ""
    status: int | None = None
    nobody: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """The way to a host, each part by itself, in seconds. `through` is the proxy that stands for the host, `dead` how
    many of the host's addresses did not answer before one did; `agreed` the protocol that TLS agreed on ("h2")."""

    through: str = ""
    dns_s: float | None = None
    tcp_s: float | None = None
    tls_s: float | None = None
    dead: int = 0
    encryption: str = ""
    agreed: str = ""
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A WebSocket: seconds from the connection's being encrypted to its being a socket, for all of it, and for a ping
    and its answer."""

    upgrade_s: float | None = None
    total_s: float | None = None
    pong_s: float | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What the answers said of themselves.

    `headers` are those that tell of limits, queues and who answered; `processing_s` how long the service says it worked
    on the request; `spent` the limits of which nothing is left; `skew_s` how far this computer's clock is ahead of the
    service's.
    """

    headers: dict[str, str] = field(default_factory=dict)
    processing_s: float | None = None
    retry_after_s: float | None = None
    spent: tuple[str, ...] = ()
    skew_s: float | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """Bytes that were sent, and bit/s; `at_least` where the service's own work could not be told from the way."""

    size: int
    bit_s: float
    at_least: bool


@dataclass(frozen=True, slots=True)
class Page:
    """What the provider's status page says: Statuspage's indicator (none, minor, major, critical, or empty where the
    page was not reached) and its sentence."""

    indicator: str
    description: str


@dataclass(frozen=True, slots=True)
class Measured:
    """One service. `http` is the version that was agreed on, `wanted` the one that the settings offer ("2", "1.1") and
    `usual` the one that this host speaks with everybody. `key` says where the key is from; `cold` is a request on a
    new connection, `warm` the median of those on a kept one."""

    name: str
    host: str
    called: str
    way: Way = Way()
    wanted: str = "2"
    usual: str = ""
    http: str = ""
    key: str = ""
    cold: Phases | None = None
    warm: Phases | None = None
    opened: Opened | None = None
    upload: Upload | None = None
    told: Told = Told()
    page: Page | None = None
    trouble: Trouble | None = None
