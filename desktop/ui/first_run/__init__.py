"""The onboarding window: opened while there is no settings file, and again on request.

It may be closed at any step: every choice is set at once, and the rest keeps its default.
"""
