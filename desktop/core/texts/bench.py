"""Texts about `intone bench`.

They appear on the command line alone, which speaks English: nothing of it is translated.
"""

from __future__ import annotations

from desktop.core.texts.text import Text

TEXTS: dict[str, Text] = {
    "manifest-unreadable": Text(
        "{path} cannot be read: {reason}.",
        "Give a folder with audio files and a {name} that has the columns path and text.",
    ),
    "manifest-empty": Text(
        "{path} names no recording.", "Its first line names the columns, with tabs between; a recording a line."
    ),
    "manifest-columns-missing": Text(
        "{path} has no column {columns}.", "Its first line names the columns, with tabs between; a recording a line."
    ),
    "manifest-files-missing": Text(
        "{path} names {count} files that are not there, {first} first.", "Mend their paths."
    ),
    "manifest-file-silent": Text("{path} holds no sound.", "Take it out of the manifest."),
    "svg-path-invalid": Text("{path} cannot become a plot.", "Give an .svg file in a folder that is there."),
    "bench-output-unwritable": Text("{path} cannot be written: {reason}.", "Give another --out."),
    "bench-release-speech-missing": Text(
        "There is no speech to measure with.", "Give recordings of speech, for example: intone bench release *.flac"
    ),
    "bench-file-without-speech": Text("{path} holds no speech.", "Give recordings of speech."),
    "bench-cloud-speech-missing": Text(
        "There is no speech to measure with.", "Give recordings, or a folder with a manifest.tsv of their texts."
    ),
    "bench-engine-missing": Text("No engine can be asked.", "Set a key: intone key set openai. Or install a model."),
    "bench-package-missing": Text(
        "This measurement needs {package}, which is not installed.",
        "Install the extra: pip install 'intone[bench]', or in a checkout: make dev.",
    ),
    "bench-memory-linux-only": Text(
        "Only Linux says where this command looks how much memory a process has.", "Measure on Linux."
    ),
    "plot-path-invalid": Text(
        "No picture can be written to {path}.", "Give a name that ends in .png, in a folder that exists."
    ),
    "plot-unwritable": Text("{path} cannot be written: {reason}.", "Give another --plot."),
}
