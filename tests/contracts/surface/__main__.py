"""`python -m tests.contracts.surface`: list what was added to the public surface."""

from __future__ import annotations

import sys

from tests.contracts.surface import product, write

failed = False
for kind, collect in product.KINDS.items():
    if gone := write(kind, collect()):
        failed = True
        sys.stderr.write("\n  ".join([f"{kind}: not written, since these are gone or changed:", *gone]) + "\n")
if failed:
    sys.exit("Name them in tests/contracts/surface/changes.py if that is meant.")
