"""The package under the oldest Python there is with the oldest of what it needs, and under the newest."""

from __future__ import annotations

import subprocess
import sys

import pytest

from support.repository import ROOT


@pytest.mark.rest
@pytest.mark.timeout(900)
def test_the_corners_of_what_is_supported_go_through_a_life_of_a_stack() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "supported.py", "--corners"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    _, oldest, newest = (line.split() for line in done.stdout.splitlines())
    assert (oldest[1], newest[1]) == ("oldest", "newest")
    assert (oldest[-1], newest[-1]) == ("good", "good")
    assert oldest[2:6] == ["3.272.0", "1.21.0", "2.32.2", "9.0.0"]
