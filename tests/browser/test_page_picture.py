"""The picture of the page in docs/sandbox.md is what its command makes."""

from __future__ import annotations

import struct
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from support.repository import ROOT

if TYPE_CHECKING:
    from pathlib import Path

TOOL = ROOT / "tools" / "picture_sandbox_page.py"
PICTURE = ROOT / "docs" / "sandbox" / "page.png"


def size(file: Path) -> tuple[int, int]:
    head = file.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", head[16:])
    return width, height


@pytest.mark.rest
def test_the_picture_of_the_guide_is_made_by_its_command(tmp_path: Path) -> None:
    made = tmp_path / "page.png"
    subprocess.run([sys.executable, str(TOOL), str(made)], check=True, timeout=120)
    (width, height), (wanted_width, wanted_height) = size(made), size(PICTURE)
    assert width == wanted_width == 1280
    # Fonts differ between machines.
    assert abs(height - wanted_height) < 150


def test_the_command_of_the_picture_takes_one_file() -> None:
    done = subprocess.run([sys.executable, str(TOOL), "one", "two"], check=False, capture_output=True)
    assert done.returncode == 2
