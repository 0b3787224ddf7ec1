"""The main job on the sandbox: `up` brings the dev stack to an account on this machine, `down` takes it away.

Everything it makes lies in `.sandbox/` (the account's database, the stack's state, the token, the server's
log) and is reached on a loopback address only. It never touches another stack, backend or account.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
import shlex
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import psutil

from bootstrap.console import any_text, end_output
from pulumi_plusofon.command.output.tables import as_table
from pulumi_plusofon.pulumi_cli.runner import without_flags
from pulumi_plusofon.routes.words import destination
from pulumi_plusofon.testing import Control, SandboxError, wait_until_ready

ROOT: Final = Path(__file__).resolve().parent.parent
HOME: Final = ROOT / ".sandbox"
STACK: Final = "dev"
GROUP: Final = {"id": 9, "name": "Support", "number": 200}
# Invented numbers and passwords only: see Pulumi.dev.yaml.
PASSPHRASE: Final = "sandbox"  # noqa: S105
_STOP_SECONDS: Final = 20.0
# For a shell that has a proxy set: the engine and the sandbox are on this machine.
_PAST_PROXIES: Final = """\
loopback=localhost,127.0.0.1,127.0.0.0/8,::1
direct="${no_proxy:-${NO_PROXY:-}}"
direct_grpc="${no_grpc_proxy:-$direct}"
case ",$direct_grpc," in
    *",$loopback,"*) ;;
    *) export no_grpc_proxy="${direct_grpc:+$direct_grpc,}$loopback" ;;
esac
case ",$direct," in
    ,\\*, | *",$loopback,"*) ;;
    *) export no_proxy="${direct:+$direct,}$loopback" ;;
esac
unset loopback direct direct_grpc
"""


class TroubleError(Exception):
    """What a person has to know and do, in a few lines."""


def up() -> None:
    """Start the server if it is not running, run `pulumi up`, and show what the account then holds."""
    address = _running() or _start()
    _write_environment(address)
    _make_group(address)
    print(f"sandbox: {address}, the account is in {_short(HOME / 'account.db')}", flush=True)
    print(f"page: {address}/#token={_token()}", flush=True)
    _pulumi("stack", "select", "--create", STACK, quiet=True)
    _pulumi("up", "--yes", "--stack", STACK)
    _show_account(address)
    if set(_last_changes()) <= {"same"}:
        print("no changes: the account was as declared.")
    print(f"\nTo go on by hand: source {_short(HOME / 'env')}; pulumi preview --stack {STACK}")


def down() -> None:
    """Destroy what the stack holds, then stop the server."""
    if not (HOME / "state").exists():
        print("sandbox: nothing is up")
        return
    address = _running() or _start()
    _write_environment(address)
    _pulumi("destroy", "--yes", "--stack", STACK)
    _stop()
    print("sandbox: stopped")


def _token() -> str:
    file = HOME / "token"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(32))
    return file.read_text()


def _ask(address: str, path: str) -> Any:
    with closing(Control(address, _token())) as control:
        return control.control("GET", path)


def _make_group(address: str) -> None:
    """Give the account the group that the dev stack names, as a person would have made it in the web page."""
    with closing(Control(address, _token())) as control:
        if not any(group["id"] == GROUP["id"] for group in control.targets()["group"]):
            control.seed_targets(group=[GROUP])


def _running() -> str | None:
    """The address of the server that an earlier run started, if it still answers to our token."""
    try:
        address = (HOME / "address").read_text()
        _ask(address, "account")
    except (OSError, SandboxError):
        return None
    return address


def _start() -> str:
    for folder in (HOME, HOME / "state"):
        folder.mkdir(mode=0o700, exist_ok=True)
    _token()
    _end_servers()  # one that an earlier run left, and that cannot be asked for want of its address
    log = HOME / "server.log"
    ready_file = HOME / "ready.json"
    ready_file.unlink(missing_ok=True)
    with log.open("w") as output:
        server = subprocess.Popen(
            [
                *(str(Path(sys.executable).with_name("plusofon")), "sandbox", "--port", "0"),
                *("--db", str(HOME / "account.db"), "--token-file", str(HOME / "token")),
                *("--ready-file", str(ready_file)),
            ],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        address = wait_until_ready(server, ready_file, log).url
    except SandboxError as error:
        raise TroubleError(f"{error}\n(from {_short(log)})") from None
    (HOME / "address").write_text(address)
    return address


def _stop() -> None:
    _end_servers()
    if address := _running():
        raise TroubleError(f"the sandbox still answers at {address}: end it by hand")
    (HOME / "address").unlink(missing_ok=True)


def _end_servers() -> None:
    """End the servers of this clone's account, whichever run started them."""
    servers = _servers()
    for server in servers:
        server.terminate()
    _, alive = psutil.wait_procs(servers, timeout=_STOP_SECONDS)
    if alive:
        pid = alive[0].pid
        raise TroubleError(f"the sandbox (pid {pid}) does not stop: end it with `kill -9 {pid}`")


def _servers() -> list[psutil.Process]:
    """The processes that serve this clone's account, by what they were started with."""
    wanted = ("sandbox", "--db", str(HOME / "account.db"))
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if set(wanted) <= set(process.info["cmdline"] or ())
    ]


def _environment(address: str) -> dict[str, str]:
    return {
        "PATH": f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PULUMI_HOME": str(HOME / "pulumi"),
        # E136: no file of attributes beside each state; those that an earlier version wrote stay unread.
        "PULUMI_BACKEND_URL": f"{(HOME / 'state').as_uri()}?metadata=skip",
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        # E136: the engine collects its garbage less often, and takes some 100 MB more for a large stack.
        "GOGC": "400",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        # Every command of a person's shell asks the rules, not only those that are given the flag.
        "PULUMI_OPTION_POLICY_PACK": str(ROOT / "policy"),
        "PULUMI_OPTION_POLICY_PACK_CONFIG": str(ROOT / "policy" / "config" / f"{STACK}.json"),
        "PLUSOFON_BASE_URL": address,
        "PLUSOFON_TOKEN": _token(),
    }


def _write_environment(address: str) -> None:
    """For a person's own shell; the token is the sandbox's, and the file is its owner's."""
    file = HOME / "env"
    file.touch(mode=0o600)
    lines = [f"export {name}={shlex.quote(value)}" for name, value in _environment(address).items()]
    lines[0] = f'export PATH={shlex.quote(str(ROOT / ".venv" / "bin"))}:"$PATH"'
    file.write_text("\n".join([*lines, _PAST_PROXIES]))


def _pulumi(*arguments: str, quiet: bool = False) -> str:
    address = (HOME / "address").read_text()
    # From the root of the clone, so that the engine names the pack as the page does.
    own = {**_environment(address), "PULUMI_OPTION_POLICY_PACK": "policy"}
    environment = {**without_flags(os.environ), **own}
    # In a terminal the engine draws one live tree, elsewhere it says line by line what happens.
    plain = [] if sys.stdout.isatty() and not quiet else ["--non-interactive"]
    done = subprocess.run(
        [ROOT / ".venv" / "bin" / "pulumi", *plain, *arguments],
        cwd=ROOT,
        env=environment,
        text=True,
        check=False,
        capture_output=quiet,
    )
    if done.returncode:
        told = f":\n{done.stderr.strip()}" if quiet else "; see above"
        raise TroubleError(f"`pulumi {' '.join(arguments)}` failed{told}")
    return done.stdout if quiet else ""


def _last_changes() -> dict[str, int]:
    history = json.loads(
        _pulumi("stack", "history", "--json", "--page-size", "1", "--stack", STACK, quiet=True)
    )
    changes: dict[str, int] = history[0]["resourceChanges"]
    return changes


def _show_account(address: str) -> None:
    account = _ask(address, "account")
    numbers = sorted(account["numbers"], key=lambda number: number["number"])
    names = {
        kind: {target["id"]: target["name"] for target in ones} for kind, ones in account["targets"].items()
    }
    rows = [
        {
            "number": number["number"],
            "type": number["type"],
            "registration": "-" if number["type"] != "ate" else _registration(number["registered"]),
            "forwards to": destination(number["forwarding"], names),
        }
        for number in numbers
    ]
    print()
    as_table("The account now holds", rows, ("number", "type", "registration", "forwards to"), sys.stdout)


def _registration(registered: bool) -> str:  # noqa: FBT001 - the one thing it tells
    return "registered" if registered else "pending"


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def main() -> int:
    """Run `up` or `down`; 0 good, 1 failed, 2 wrong usage."""
    jobs = {"up": up, "down": down}
    if len(sys.argv) != 2 or sys.argv[1] not in jobs:  # noqa: PLR2004 - the script and one word
        print(f"usage: {Path(sys.argv[0]).name} up|down", file=sys.stderr)
        return 2
    any_text()
    try:
        jobs[sys.argv[1]]()
        sys.stdout.flush()
    except TroubleError as trouble:
        print(f"make {sys.argv[1]}: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"make {sys.argv[1]}: interrupted; run it again to go on", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"make {sys.argv[1]}: {error}", file=sys.stderr)
        if error.errno in (errno.ENOSPC, errno.EPIPE):
            end_output()
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
