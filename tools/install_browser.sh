#!/usr/bin/env bash
# What tests/browser needs and `make setup` does not bring. What is there already stays as it is.
set -euo pipefail
cd "$(dirname "$0")/.."

# The parser that reads pictures in Mermaid. It runs in the browser, so no program of its packages is run here.
install_mermaid() {
    local installed=tests/browser/node_modules/.package-lock.json
    if [[ $installed -nt tests/browser/package-lock.json ]]; then
        return
    fi
    if ! command -v npm >/dev/null; then
        echo "tools/install_browser.sh: npm is needed to install Mermaid: install Node.js, then run this again." >&2
        return 1
    fi
    npm ci --prefix tests/browser --ignore-scripts --no-audit --no-fund --loglevel error
}

install_mermaid
