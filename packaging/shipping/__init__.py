"""Makes what a user installs: `python -m shipping deb | deb-cuda | deb-local-llm | bundle`, by `make` of that name.

Everything comes out of the committed locks with their hashes, into an environment made for the purpose, never out of
the one that develops. What is left out is a table (`left_out.toml`) with its reasons, and each package has beside it
what it holds (CycloneDX), under which licences, and how large each part is.

Nothing here needs more than Python's own library, so that it runs before anything is installed.
"""
