#!/usr/bin/env bash
# What tests/browser needs and `make setup` does not bring: Debian's Chromium, and packages of npm. What is there already
# stays as it is. Asks for root's rights only to install Chromium.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

install_chromium() {
    local name as_root=()
    for name in chromium chromium-browser google-chrome; do
        if command -v "$name" >/dev/null; then
            return
        fi
    done
    if ! command -v apt-get >/dev/null; then
        echo "no apt-get: install Chromium by the means of this system" >&2
        return 1
    fi
    if [ "$(id -u)" -ne 0 ]; then
        as_root=(sudo)
    fi
    "${as_root[@]}" apt-get update
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends chromium
}

# The parser that reads pictures in Mermaid, which runs in the browser, and pyright.
install_of_npm() {
    local installed=tests/browser/node_modules/.package-lock.json
    if [[ $installed -nt tests/browser/package-lock.json ]]; then
        return
    fi
    if ! command -v npm >/dev/null; then
        echo "tools/install_browser.sh: npm is needed to install Mermaid and pyright: install Node.js, then run this again." >&2
        return 1
    fi
    npm ci --prefix tests/browser --ignore-scripts --no-audit --no-fund --loglevel error
}

install_chromium
install_of_npm
