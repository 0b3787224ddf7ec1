"""The kit's plugin and seeds, as old versions of pytest and files of other editors meet them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_plusofon.testing import plugin
from pulumi_plusofon.testing.account import _seed_of

if TYPE_CHECKING:
    from pathlib import Path


def test_hooks_of_the_plugin_use_no_option_that_pytest_7_1_lacks() -> None:
    hooks = [value for name, value in vars(plugin).items() if name.startswith("pytest_")]
    assert hooks
    for hook in hooks:
        assert not hook.pytest_impl["wrapper"]


def test_a_seed_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    file = tmp_path / "seed.json"
    file.write_text('{"numbers": []}', "utf-8-sig")
    assert _seed_of(file) == {"numbers": []}
