"""Measure accuracy, latency and memory on this machine: `intone bench`."""
