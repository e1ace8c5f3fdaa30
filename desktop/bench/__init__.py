"""Measuring Intone on one's own machine with one's own voice: `intone bench`.

What is measured is what runs: the flow, the key's grace, the microphone's resampler and tail, the recognizer and its
process, the polish. Only the ends are stood in for: sound comes from files, and the text goes nowhere. Batch figures,
which a figure for streaming means little without, come from the same model in the same run, so that a machine that is
busy, hot or slow is so for both.

Nothing here is imported by the app. What only a benchmark needs is the optional extra `bench`.
"""
