"""A process that keeps one core busy until its standard input closes, which happens when the server ends in any way."""

from __future__ import annotations

import os
import sys
import threading


def main() -> None:
    """Burn; end when the parent is gone."""

    def end_with_parent() -> None:
        while os.read(sys.stdin.fileno(), 1024):
            pass
        os._exit(0)

    threading.Thread(target=end_with_parent, daemon=True).start()
    value = 1
    while True:
        value = value * 48271 % 2147483647


if __name__ == "__main__":
    main()
