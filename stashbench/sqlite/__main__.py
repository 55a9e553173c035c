"""Counts the steps of statements: a job and tasks come in by the line, counts go out; ends with its input."""

from __future__ import annotations

import sys

import msgspec

from stashbench.sqlite.protocol import Job, Task


def main() -> int:
    """Answer every task on standard output; 1 with a reason on standard error where the database cannot be opened."""
    import apsw

    from stashbench.sqlite.counting import Counting

    encoder, decoder = msgspec.json.Encoder(), msgspec.json.Decoder(Task)
    job = msgspec.json.decode(sys.stdin.buffer.readline(), type=Job)
    try:
        counting = Counting(job)
    except apsw.Error as error:
        sys.stderr.write(f"{type(error).__name__.removesuffix('Error')}\n")
        return 1
    sys.stdout.buffer.write(encoder.encode(apsw.sqlite_lib_version()) + b"\n")
    try:
        for line in sys.stdin.buffer:
            sys.stdout.buffer.write(encoder.encode(counting.count(decoder.decode(line))) + b"\n")
            sys.stdout.buffer.flush()  # so that what was counted is not lost where we are ended
    finally:
        counting.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
