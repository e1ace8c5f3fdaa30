"""PortAudio's list of devices is as old as its initialisation: when a new one is made, and that it ends no stream."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from desktop.audio.microphone.device import WASAPI, MicrophoneDevice
from desktop.audio.microphone.stream import PORTAUDIO, MicrophoneStream
from desktop.core.errors import MicrophoneError

USB, HEADSET, AGAIN = "Microphone (USB)", "Headset", "Headset (2- USB)"


class Stream:
    """A stream of PortAudio, which may refuse to start."""

    def __init__(self, portaudio: PortAudio, name: str, *, starts: bool) -> None:
        self._portaudio, self._name, self._starts = portaudio, name, starts

    def start(self) -> None:
        if not self._starts:
            raise self._portaudio.PortAudioError("unanticipated host error")
        self._portaudio.running.append(self._name)

    def close(self) -> None:
        if self._starts:
            self._portaudio.running.remove(self._name)


class PortAudio:
    """The library; each initialisation lists the next of `lists`. `gone`: the numbers and names that do not start."""

    class PortAudioError(Exception):
        pass

    def __init__(self, *lists: list[str], gone: frozenset[tuple[int, str]] = frozenset()) -> None:
        self._lists, self._gone = lists, gone
        self.initialisation = 0
        self.running: list[str] = []

    def query_devices(self) -> list[dict[str, Any]]:
        return [
            {"name": name, "index": index, "hostapi": 0, "max_input_channels": 1}
            for index, name in enumerate(self._lists[self.initialisation])
        ]

    def query_hostapis(self) -> list[dict[str, Any]]:
        return [{"name": WASAPI}]

    def RawInputStream(self, *, device: int | str, **_: object) -> Stream:  # noqa: N802
        name = device if isinstance(device, str) else self._lists[self.initialisation][device]
        return Stream(self, name, starts=(self.initialisation, name) not in self._gone)

    def _terminate(self) -> None:
        assert not self.running, "it would end them"

    def _initialize(self) -> None:
        self.initialisation += 1


@pytest.fixture(autouse=True)
def closed_streams() -> Iterator[None]:
    yield
    for stream in tuple(PORTAUDIO.open_streams):
        stream.close()


def make_stream(name: str, host_api: str = WASAPI) -> MicrophoneStream:
    stream = MicrophoneStream()
    stream.device = MicrophoneDevice(name, name, True, 48_000, 1, portaudio_name=name, host_api=host_api)
    return stream


def test_replugged_microphone_of_the_same_name_opens() -> None:
    portaudio = PortAudio([USB, HEADSET], [HEADSET, USB], gone=frozenset([(0, HEADSET)]))
    stream = make_stream(HEADSET)
    stream.open_device(portaudio)
    assert stream.is_open
    assert portaudio.running == [HEADSET]
    assert portaudio.initialisation == 1


def test_lost_stream_does_not_keep_the_old_list() -> None:
    portaudio = PortAudio([USB, HEADSET], [USB, AGAIN])
    lost, stream = make_stream(HEADSET), make_stream(AGAIN)
    lost.open_device(portaudio)
    lost.lost = True
    stream.open_device(portaudio)
    assert (lost.is_open, stream.is_open) == (False, True)
    assert portaudio.running == [AGAIN]


def test_list_stays_while_another_stream_delivers() -> None:
    portaudio = PortAudio([USB, HEADSET], [HEADSET, USB], gone=frozenset([(0, HEADSET)]))
    working, stream = make_stream(USB), make_stream(HEADSET)
    working.open_device(portaudio)
    with pytest.raises(MicrophoneError, match="Headset"):
        stream.open_device(portaudio)
    assert portaudio.running == [USB]
    assert portaudio.initialisation == 0


def test_microphone_that_never_opens_is_tried_twice() -> None:
    gone = frozenset([(0, HEADSET), (1, HEADSET)])
    portaudio = PortAudio([USB, HEADSET], [USB, HEADSET], gone=gone)
    with pytest.raises(MicrophoneError, match="Headset"):
        make_stream(HEADSET).open_device(portaudio)
    assert portaudio.initialisation == 1


def test_microphone_opened_by_its_name_is_tried_once() -> None:
    portaudio = PortAudio([HEADSET], gone=frozenset([(0, HEADSET)]))
    with pytest.raises(MicrophoneError, match="Headset"):
        make_stream(HEADSET, host_api="").open_device(portaudio)
    assert portaudio.initialisation == 0
