"""Measure Intone on the user's machine with the user's voice: `intone bench`.

Everything between the ends is the app's own: the dictation flow, the hotkey's grace time, the microphone's resampler
and tail, the recognizer and its process, the polish. Only the ends are replaced: sound comes from files, and the text
is discarded. Batch figures, without which streaming figures mean little, come from the same model in the same run, so
that a busy, hot or slow machine affects both.

The app imports nothing of this. What only a benchmark needs is the optional extra `bench`.
"""
