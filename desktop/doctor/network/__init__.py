"""Measure each part of the way to a service and say which one is slow."""
