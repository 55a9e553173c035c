"""What our own client costs: the time of a request to a server that does nothing.

No answer of a Stash server can be faster than that, and a benchmark near it measures us, not Stash.
"""

from __future__ import annotations

import contextlib
import socket
import statistics
import threading
import time

_ROUNDS = 60
_ANSWER = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"data":{}}'


def measure_client_floor() -> float | None:
    """Return the median time of a request to an empty server on the loopback, in seconds; None where there is none.

    The server is a thread that answers a constant, so its share is a few microseconds.
    """
    from stashbench.errors import StashbenchError
    from stashbench.stash.transport import Connection

    try:
        listener = socket.create_server(("127.0.0.1", 0))
    except OSError:
        return None
    with listener:
        server = threading.Thread(target=_answer_all, args=(listener,), name="client-floor", daemon=True)
        server.start()
        connection = Connection(f"http://127.0.0.1:{listener.getsockname()[1]}", timeout_seconds=2.0)
        body = b'{"query":"{ systemStatus { status } }"}'
        try:
            durations = []
            for _ in range(_ROUNDS):
                begin = time.perf_counter()
                connection.post(body)
                durations.append(time.perf_counter() - begin)
        except StashbenchError:
            return None
        finally:
            connection.close()
            server.join(timeout=2.0)
    return statistics.median(durations[_ROUNDS // 6 :])


def _answer_all(listener: socket.socket) -> None:
    # Whoever asks may be gone at any moment (Ctrl-C closes both sockets): then there is nobody left to tell.
    with contextlib.suppress(OSError):
        listener.settimeout(2.0)
        client, _ = listener.accept()
        with client:
            client.settimeout(2.0)
            pending = b""
            while part := client.recv(65536):
                pending += part
                if b"\r\n\r\n" in pending and pending.endswith(b"}"):
                    pending = b""
                    client.sendall(_ANSWER)
