#!/bin/sh
# Installs those Debian packages of the given lists that are missing: install.sh LIST...
#
# Only root can install, so everybody else is told the one line to run, and the set-up stops. While nothing is missing,
# apt is not even asked: a second start neither waits for it nor needs a network or root.
set -eu

wanted=$(sed 's/#.*//' "$@")
# shellcheck disable=SC2086  # the lists are words, and here they must fall apart into them
installed=$(dpkg-query --show --showformat '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null | sed -n 's/^installed //p')
# shellcheck disable=SC2086
missing=$(printf '%s\n' $wanted | grep -vxF "$installed" | tr '\n' ' ' | sed 's/ $//')
if [ -z "$missing" ]; then
    exit 0
fi

install="apt-get install -y --no-install-recommends $missing"
if [ "$(id -u)" -eq 0 ]; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update
    exec $install
fi

echo "Some Debian packages are missing. Install them with this line, then try again:" >&2
if command -v sudo >/dev/null; then
    echo "sudo apt-get update && sudo $install"
else
    echo "su - -c 'apt-get update && $install'"
fi
exit 1
