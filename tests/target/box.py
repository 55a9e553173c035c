"""A container in miniature: `unshare ... python box.py FOLDER SOCKET PORT COMMAND...`, run inside new namespaces.

Its network has only a loopback of its own, FOLDER appears at /mnt, and what arrives at the Unix socket SOCKET is led to
PORT in there. `python box.py --forward PORT SOCKET NAME ARGUMENTS...` is the other end: a program called NAME that
listens at a port of the machine and leads to the socket. Each says "ready" on standard output and ends with its input.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path

SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1


def pump(source, target):
    with contextlib.suppress(OSError):
        while data := source.recv(1 << 16):
            target.sendall(data)
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def relay(listener, dial):
    while True:
        arrived, _ = listener.accept()
        try:
            led = dial()
        except OSError:
            arrived.close()
            continue
        for pair in ((arrived, led), (led, arrived)):
            threading.Thread(target=pump, args=pair, daemon=True).start()


def dial_unix(path):
    found = socket.socket(socket.AF_UNIX)
    found.connect(path)
    return found


def inside(folder, path, port, *command):
    with socket.socket() as probe:
        name = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(probe, SIOCGIFFLAGS, name))[1]
        fcntl.ioctl(probe, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))
    subprocess.run(["mount", "--bind", folder, "/mnt"], check=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(64)
    dial = lambda: socket.create_connection(("127.0.0.1", int(port)))  # noqa: E731
    threading.Thread(target=relay, args=(listener, dial), daemon=True).start()
    sys.exit(subprocess.run(command, check=False).returncode)


def outside(port, path, name):
    Path("/proc/self/comm").write_text(name)
    listener = socket.create_server(("127.0.0.1", int(port)), backlog=64)
    threading.Thread(target=relay, args=(listener, lambda: dial_unix(path)), daemon=True).start()
    print("ready", flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    if sys.argv[1] == "--forward":
        outside(*sys.argv[2:5])
    else:
        inside(*sys.argv[1:])
