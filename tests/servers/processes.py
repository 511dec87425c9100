"""The processes of a server: what it forked, how they are, and how they end with the process that started it."""

import os
import subprocess
from pathlib import Path
from typing import Any

# Its input ends with who started it. PostgreSQL kills what is still frozen after 5 seconds.
_KEEPER = 'read -r _; kill -CONT "$1"; kill -QUIT "$1"; sleep 6; rm -rf "$2"'


def keep(pid: int, folder: Path, **account: Any) -> "subprocess.Popen[bytes]":
    """Start a shell that ends a server where this process is gone and could not do so, for it was killed."""
    options = {"stdin": subprocess.PIPE, "stderr": subprocess.DEVNULL, "start_new_session": True, **account}
    return subprocess.Popen(["sh", "-c", _KEEPER, "keeper", str(pid), folder], **options)


def descendants(pid: int) -> list[int]:
    """Return a process and all below it, parents first."""
    parents = {int(path.parent.name): _fields(path)[1] for path in Path("/proc").glob("[0-9]*/stat")}
    found = [pid]
    for parent in found:
        found += [child for child, its_parent in parents.items() if its_parent == str(parent)]
    return found


def state(pid: int) -> str:
    """Return the letter of a process's state; one that is gone is "X", as the kernel calls it."""
    return _fields(Path(f"/proc/{pid}/stat"))[0]


def processor_time(pid: int) -> float:
    """Return how many seconds the processors have worked on a process and on all below it."""
    fields = [_fields(Path(f"/proc/{each}/stat")) for each in descendants(pid)]
    return sum(int(each[11]) + int(each[12]) for each in fields if each[0] != "X") / os.sysconf("SC_CLK_TCK")


def _fields(stat: Path) -> list[str]:
    """Return what the system tells of a process after its name: its state, its parent, and more."""
    try:
        return stat.read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return ["X", ""]
