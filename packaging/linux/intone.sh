#!/bin/sh
# Starts Intone out of its own environment. What the caller's Python is told to load must not reach it, nor a folder
# named `desktop` where it is started.
unset PYTHONPATH PYTHONHOME
export PYTHONSAFEPATH=1 PYTHONNOUSERSITE=1
exec /opt/intone/bin/python -m desktop "$@"
