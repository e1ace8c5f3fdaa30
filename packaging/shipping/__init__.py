"""Build what users install: `python -m shipping deb | deb-cuda | deb-local-llm | bundle | appimage | arch | flatpak |
windows | windows-cuda | windows-local-llm`, run by `make` with the same names.

Everything comes from the committed locks with their hashes, into an environment created for the purpose, never from the
development environment. What is left out is listed with reasons in `left_out.toml`, and beside each package lie its
contents (CycloneDX), their licences, and the size of each part.

Only Python's standard library is needed, so that this runs before anything is installed.
"""
