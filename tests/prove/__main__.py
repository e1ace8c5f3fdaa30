"""`python -m tests.prove [NAME]`: one proof, or without a name all of them in order, each in a process of its own.

Standard output has one JSON object a proof: `proof, seed, limit, model`, then its counts and figures; `ok` where there
is a bar. Exit status: 0 measured and, where there is a bar, met; 1 not met, or it could not be measured. What is
skipped because its data are absent says so in `skipped` and exits 0.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from desktop.core.errors import UserError
from tests.prove.record import ROOT, Run, tell
from tests.prove.recordings import Absent

PROOFS = {
    "corpus": "dictations of 30 to 120 s joined from real clips, clean and with noise",
    "accuracy": "`intone bench accuracy` on the corpus",
    "engines": "Moonshine base (or --model) and Whisper base in turns: errors, delay, silence (--limit: of each part)",
    "nothing": "100 clips in which nobody speaks: no word may come of them",
    "quiet": "speech at a peak of -30 and -40 dBFS",
    "whisper": "synthetic whispers",
    "words": "the user's own words: by prompt, by their sound, both (--limit: items of each half of a set)",
    "edges": "the key and the first syllable together, the key let go on the last",
    "hands": "200 dictations by an unsteady hand: no character lost, doubled or in another window, no key left down",
    "again": "200 words said again in GTK, Qt and Chromium: the right place replaced, no wrong one, undone to the byte",
    "soak": "an hour of dictating on the virtual desk: words, clipboard, keys, memory, handles (--limit: seconds)",
    "hour": "an hour in one dictation, eight times as fast: whole text, bounded memory (--limit: seconds)",
    "handsfree": "an hour without a key: ends of paragraphs, commands alone and in sentences (--limit: seconds)",
    "long": "ten minutes in one dictation: delay, errors, memory (--limit: seconds)",
    "cloud-faults": "every way in which a service can fail: the words arrive, in time, with the right sentence",
    "cloud-start": "how long the loop stands still while the client of a service is loaded (--limit: times)",
    "compatible": "recordings through a server that somebody else wrote, against the local model",
    "team-server": "packaging/server, two replicas: 200 dictations with kills, restarts, a burst; how many a second",
    "cloud-live": "from release to text over sockets, on a slow line, and the naive way beside it (--limit: of each)",
    "cloud-batch": "the same with whole files, sent while they are spoken (--limit: takes)",
    "cloud-long": "half an hour to each service, in pieces: no word lost or doubled at a seam (--limit: seconds)",
    "clean": "texts that need no polish are left alone by all its rules (--limit: of each set)",
    "prose": "100,000 sentences of books, manuals and mails: how many lose a word to the rules (--limit: sentences)",
    "traps": "sentences made to trap the rules: words that must stay, and what was written wrongly (--limit: of each)",
    "called": "emoji and spelled names, spoken: what is written of them, and of what talks of them (--limit: of each)",
    "code": "150 phrases of code, as text and spoken: written to the character (--limit: of each language)",
    "insights": "100,000 dictations added up, and what keeping their figures costs (--limit: dictations)",
    "emotion": "what words and voices express, and what is found where there is nothing (--limit: takes of a speaker)",
    "itn": "numbers as they are spelled, dates, times, amounts, addresses; the share that is written as the cases want",
    "guard-local": "200 dictations by a weak language model: nothing answered, no number, name or negation changed",
    "guard-alarms": "good polishes that the meaning guard refuses (--limit: pairs of each set)",
    "guard-catches": "spoiled polishes and answers that it lets through (--limit: pairs of each set)",
    "guard-meaning": "pairs made from books in which a small word changes what is meant (--part: one book)",
    "polish-faults": "every way in which a language model can fail: the rules' text, in time (--limit: cells)",
    "paste": "every text into every program, the clipboard afterwards, and how soon a program reads (--limit: times)",
    "receipts": "ten programs that read the clipboard because it changed: no false claim, no Return (--limit: rows)",
    "chord-kills": "100 times kill -9 between the keys of a held chord: no key stays down (--limit: kills)",
    "paste-speed": "how soon a text is in a window, beside the code before `receipts`, in turns (--limit: takes)",
    "disfluency": "fillers, repeats and corrections: what the rules take out, and what they leave alone",
    "history-window": "the history over 100,000 rows: opened, typed into, scrolled through (--limit: rows)",
    "history": "search in 100,000 rows, and what a row, a page and a deletion cost then (--limit: rows)",
    "find": "100 selections, a third edited since, in 10,000 rows: the right row, how soon (--limit: selections)",
    "mine": "what my bench says of drawn histories, beside all clips; 20 presses while it runs (--limit: clips)",
    "history-kills": "200 times kill -9 while dictations are written: the file whole, no row in half (--limit: kills)",
    "sealed": "what it costs that the history is encrypted: rows, search, recordings, frames (--limit: rows)",
    "app-kills": "300 times kill -9 of the app in a dictation: the words pasted once or in a row (--limit: kills)",
    "calls": "100 dictations and 20 kills in two calls: what they hear, all streams as before (--limit: dictations)",
    "losses": "500 random sequences of keys and kills, 500 of commands: nothing lost or not meant (--limit: of each)",
    "child-kills": "100 times the model's process killed or stopped in a dictation: no word lost (--limit: kills)",
    "door": "100 requests to `intone serve` with faults, 50 hooks, 150 lines to a slow reader (--limit: of each)",
    "fuzz": "ten minutes of nonsense for every reader of what others send (--limit: seconds of each)",
    "install": "each line of the README's installs in a clean root, upgraded in a dictation (--part: a line)",
    "reproducible": "two builds of the commit in two clones, compared to the bit (--limit: of its targets)",
    "arm64": "the Debian package for arm64, in a Debian that qemu runs: transcribes, dictates, goes (--limit: clips)",
    "appimage": "what `make appimage` made, in a clean root: bare, as two users, dictated into (--limit: takes)",
    "updates": "a signed repository: upgraded by apt in a dictation, downgraded, wrong signatures refused",
    "windows-install": "what `make windows` made, under Wine: installed, started, upgraded while it runs, taken off",
    "desks": "GNOME, KDE, labwc and sway for real: the table of their bars (--desk, --part; --limit: of each)",
    "input-method": "words by an input method on GNOME, KDE, sway, labwc, X11 (--desk, --part; --limit: of each)",
    "layouts": "the language by the keyboard's layout on each desktop (--desk; --limit: switches of each)",
    "windows": "the app in Wine's Windows: dictations, clipboard, keys, losses, start (--part; --limit: of each)",
    "models": "each model not run yet, where the hub is reached: its card's lines (--part: one; --limit: clips)",
    "gpu": "an NVIDIA card beside the CPU: key-up, words, memory, step-down (--part cpu: a rehearsal without a card)",
    "vulkan": "a word or two by Vulkan, on a driver that plays a card if there is no other; and without a driver",
    "windows-tests": "the project's own tests in Windows under Wine (--part: of paths that begin so; --limit: files)",
    "idle": "the app at rest, and how long it takes to start",
    "builds": "this code and an earlier commit, in turns: text, start, status, memory, what is open (--limit: turns)",
}
"""Name and what it proves, in the order in which they run."""


def main() -> int:
    """Run what the command line names; return the exit status."""
    told = "\n".join(f"  {name:16}{what}" for name, what in PROOFS.items())
    parser = argparse.ArgumentParser(
        prog="python -m tests.prove", epilog=told, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", nargs="?", choices=PROOFS, metavar="NAME", help="a proof; all of them without")
    parser.add_argument("--seed", type=int, default=1, help="what the material is made from (1)")
    parser.add_argument("--limit", type=int, help="how many takes, clips or dictations; for `long` and `soak`, seconds")
    parser.add_argument("--out", type=Path, default=ROOT / ".cache/prove", help="where results go (.cache/prove)")
    parser.add_argument("--model", default="base", help="the speech model (base)")
    parser.add_argument(
        "--desk", default="", help="of `desks`: gnome, kde, labwc or sway alone; of `input-method`: x11 too"
    )
    parser.add_argument(
        "--part",
        default="",
        help="of these two and `windows`: one row of the table alone; of `engines` and `again`: one part",
    )
    wanted = parser.parse_args()
    if wanted.name is None:
        given = sys.argv[1:]
        codes = [subprocess.run([sys.executable, "-m", "tests.prove", name, *given]).returncode for name in PROOFS]
        return int(any(codes))
    return _one(Run(wanted.name, wanted.seed, wanted.limit, wanted.out, wanted.model, wanted.desk, wanted.part))


def _one(run: Run) -> int:
    prove: Callable[[Run], dict[str, Any]] = import_module(f"tests.prove.{run.name.replace('-', '_')}").prove
    head = {"proof": run.name, "seed": run.seed, "limit": run.limit, "model": run.model}
    began = time.monotonic()
    tell(f"{run.name}: seed {run.seed}")
    try:
        found = prove(run)
    except Absent as absent:
        found = {"skipped": str(absent)}
    except UserError as problem:
        found = {"ok": False, "error": f"{problem.title} {problem.remedy}"}
    sys.stdout.write(json.dumps({**head, **found, "took_s": round(time.monotonic() - began, 1)}) + "\n")
    sys.stdout.flush()
    return 0 if found.get("ok", True) else 1


if __name__ == "__main__":
    sys.exit(main())
