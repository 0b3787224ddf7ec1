"""Set up this clone: install everything it needs, so that `.venv/bin` first on PATH is enough to work.

Finds a Python that is new enough and hands over to `bootstrap`. It installs nothing itself, and its syntax
stays old enough for any Python from 3.6 on to read it and to say what is missing.
"""

import os
import shutil
import subprocess
import sys

MINIMUM = (3, 10)
NEWEST_KNOWN = 14
PROBE = f"import sys; print(sys.executable if sys.version_info[:2] >= {MINIMUM} else '')"


def newer_python() -> str:
    """Path of another Python on PATH that is new enough, or nothing."""
    for minor in range(NEWEST_KNOWN, MINIMUM[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            # A version manager's shim can be on PATH for a version that is not there.
            probe = subprocess.run(
                [found, "-c", PROBE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
            )
            path = probe.stdout.decode().strip()
            if probe.returncode == 0 and path:
                return path
    return ""


def main() -> int:
    """Set up the clone, under a Python that can."""
    if os.name == "nt":
        print("Windows itself is not supported: run this inside WSL.", file=sys.stderr)
        return 1
    if sys.version_info[:2] < MINIMUM:
        other = newer_python()
        if not other:
            print(
                f"Python 3.10 or later is needed, and {sys.executable} is {sys.version.split()[0]}.\n"
                "What to do: install one from your system's packages or https://www.python.org/downloads/,"
                " so that python3.10 or a newer one is on PATH. Then run this again.",
                file=sys.stderr,
            )
            return 1
        os.execv(other, [other, *sys.argv])  # noqa: S606 - no shell is wanted
    # Under PYTHONSAFEPATH or -P the script's own folder is not searched.
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - any Python 3
    from bootstrap.setup import set_up  # noqa: PLC0415 - needs the Python that has only now been made sure of

    return set_up()


if __name__ == "__main__":
    sys.exit(main())
