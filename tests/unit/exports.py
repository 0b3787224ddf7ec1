"""The list of an account that has some of each, and what a program of an export declares."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from unit.wire import Answer

if TYPE_CHECKING:
    from pathlib import Path

ATE = {
    "id": 101,
    "type": "АТС",
    "number": "447700900131",
    "source": "900131@sip.operator.example",
    "customer_id": 42291,
    "status": True,
}
SIPURI = {
    "id": 102,
    "type": "SIP-URI",
    "number": "447700900132",
    "source": "a.operator.example,b.operator.example",
    "host": "42291447700900132@ext.plusofon.ru",
    "customer_id": 42291,
}
OWN = {**ATE, "id": 103, "number": "447700900133", "source": "21201588169353@sip.plusofon.ru"}
PORT = {**ATE, "id": 104, "number": "447700900134", "source": "900134@sip.operator.example:5070"}
BARE = {**ATE, "id": 105, "number": "447700900135", "source": None}
ODD = [
    {"id": 110, "type": "fax", "number": "447700900140"},
    {**SIPURI, "id": None, "number": "447700900141"},
    {**SIPURI, "id": 112, "number": "12345"},
    {**SIPURI, "id": 113, "number": "447700900143", "source": "a host"},
    {**SIPURI, "id": 114, "number": "447700900144"},
    {**SIPURI, "id": 115, "number": "447700900144"},
]


def listing(*entries: dict[str, Any]) -> Answer:
    return Answer(body={"external_numbers": list(entries), "success": True})


def declared(folder: Path) -> list[dict[str, Any]]:
    """What a program of the export declares, run with another class in the place of the real one."""
    stub = "import json\nseen = []\nclass ExternalNumber:\n    def __init__(self, name, **inputs):\n"
    stub += "        seen.append({'name': name, **inputs})\n"
    text = (folder / "__main__.py").read_text("utf-8")
    text = (
        text.replace("from pulumi_plusofon import ExternalNumber ", f"{stub}\n")
        + "\nprint(json.dumps(seen))\n"
    )
    done = subprocess.run([sys.executable, "-"], input=text, capture_output=True, text=True, check=True)
    answer: list[dict[str, Any]] = json.loads(done.stdout)
    return answer
