"""The way into the command line, which is an extra: without it, one line says what to install."""

import sys


def main() -> None:
    """Run `plusofon`."""
    try:
        from .cli import main as command  # noqa: PLC0415 - it may not be there

        command()
    except ModuleNotFoundError as missing:
        sys.exit(f"plusofon: {missing.name} is not installed: pip install 'pulumi-plusofon[cli]'")


if __name__ == "__main__":
    main()
