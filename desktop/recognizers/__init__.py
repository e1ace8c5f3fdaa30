"""Engines that turn speech into words, each behind `ports.Recognizer`."""
