"""A process whose use of the machine is known: does what each line on stdin says, then tells what it really used.

Run by the sampler's tests as a program of its own. Each answer is one line of JSON.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

BURN = "import time\nwhile time.process_time() < {seconds}: pass"


def burn(seconds: str) -> None:
    end = time.process_time() + float(seconds)
    while time.process_time() < end:
        pass


def hold(megabytes: str, seconds: str) -> None:
    block = bytearray(int(megabytes) << 20)
    block[::4096] = b"x" * len(block[::4096])
    # Not ru_maxrss: that one still knows the pytest process this program was started from.
    resident_pages = int(Path("/proc/self/statm").read_text().split()[1])
    HELD.append(resident_pages * resource.getpagesize())
    time.sleep(float(seconds))


def write(path: str, megabytes: str) -> None:
    with Path(path).open("wb") as file:
        file.writelines(os.urandom(1 << 20) for _ in range(int(megabytes)))
        file.flush()
        os.fsync(file.fileno())


def children(count: str, seconds: str) -> None:
    for _ in range(int(count)):
        subprocess.run([sys.executable, "-I", "-S", "-c", BURN.format(seconds=seconds)], check=True)


def child_hold(megabytes: str, seconds: str) -> None:
    code = (
        f"import time; b = bytearray({megabytes} << 20); b[::4096] = b'x' * len(b[::4096]); time.sleep({seconds});"
        "del b; print(flush=True); input()"
    )
    child = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    child.stdout.readline()
    LASTING.append(child)


HELD: list[int] = []
LASTING: list[subprocess.Popen[str]] = []


def counters() -> dict[str, float]:
    own, collected = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    lines = Path("/proc/self/io").read_text().splitlines()
    io = {name: int(value) for name, value in (line.split(":") for line in lines)}
    return {
        "cpu_seconds": own.ru_utime + own.ru_stime + collected.ru_utime + collected.ru_stime,
        "peak_bytes": max(HELD, default=0),
        "written_bytes": io["write_bytes"],
        "logical_read_bytes": io["rchar"],
    }


COMMANDS = {"burn": burn, "hold": hold, "write": write, "children": children, "child_hold": child_hold}

if __name__ == "__main__":
    print(json.dumps(counters()), flush=True)
    for line in sys.stdin:
        name, *arguments = line.split()
        COMMANDS[name](*arguments)
        print(json.dumps(counters()), flush=True)
    for child in LASTING:
        child.communicate("\n")
