#!/bin/sh
# Runs uv against the package index that this machine's pip is set to.
#
# uv reads neither pip's variables nor pip.conf, so that on a machine whose index is configured there it would ask the
# public one. Where nothing is configured, both ask their own default.
set -eu

index=${UV_DEFAULT_INDEX:-${PIP_INDEX_URL:-$(.uv/bin/python -m pip config get global.index-url 2>/dev/null || true)}}
if [ -n "$index" ]; then
    export UV_DEFAULT_INDEX="$index"
fi
exec .uv/bin/uv "$@"
