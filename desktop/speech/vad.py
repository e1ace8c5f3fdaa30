"""Is somebody talking in this frame? Silero VAD v6 on a live stream.

The model comes with faster-whisper, whose wrapper forgets its state between calls and so cannot be used frame by frame.
Here the recurrent state and the 64 samples of context are carried over, as the network was trained
(input [1, 576] = 64 of context + 512 new; h, c [1, 1, 128]). A frame costs about 0.15 ms on one core.
"""

from __future__ import annotations

import functools
from importlib.resources import as_file, files
from typing import Any

import numpy as np

from desktop.ports import FRAME, Frame

_CONTEXT = 64


@functools.cache
def _session() -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    with as_file(files("faster_whisper.assets") / "silero_vad_v6.onnx") as path:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


class VoiceActivity:
    """The probability of voice, frame by frame, for one recording."""

    def __init__(self) -> None:
        self._h = np.zeros((1, 1, 128), np.float32)
        self._c = np.zeros((1, 1, 128), np.float32)
        self._input = np.zeros((1, _CONTEXT + FRAME), np.float32)

    def __call__(self, frame: Frame) -> float:
        """The probability in [0, 1] that `frame` holds voice; a short last frame is padded with silence."""
        self._input[0, :_CONTEXT] = self._input[0, -_CONTEXT:]
        self._input[0, _CONTEXT : _CONTEXT + len(frame)] = frame
        self._input[0, _CONTEXT + len(frame) :] = 0
        output, self._h, self._c = _session().run(None, {"input": self._input, "h": self._h, "c": self._c})
        return float(output.reshape(-1)[-1])
