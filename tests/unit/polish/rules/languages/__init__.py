"""Tests of the rules of German, French and Spanish."""
