"""The full-count proofs: figures that take minutes to hours, and so belong in no run of the tests.

`python -m tests.prove NAME` makes its material from a seed, puts the app or its recogniser through it, and prints one
JSON object. Material is a pure function of the seed, so that a figure can be had again, and never kept in the
repository. Each measurement is a line of a file as soon as it is made: a proof that was killed goes on where it was.
"""
