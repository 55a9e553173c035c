"""The helper process: makes the rows of a library and writes them to its standard output, marshalled batch by batch.

Run as `python -m stashbench.embedded.library.helper_main SEED SCENES [LAYOUT]` by `helper`, which reads the other end.
"""

from __future__ import annotations

import marshal
import signal
import sys
from typing import IO

from stashbench.embedded.library.fitting import fit
from stashbench.embedded.library.helper import LENGTH
from stashbench.embedded.library.layout import Layout
from stashbench.embedded.library.plan import Plan
from stashbench.embedded.library.shape import Shape
from stashbench.embedded.library.steps import PASSES

_MARSHAL_VERSION = 2  # later ones look for repeated objects, which costs more than it saves


def send(seed: int, scene_count: int, pipe: IO[bytes], layout: Layout | None = None) -> None:
    """Write all batches of all steps, fitted to the layout if there is one, to `pipe`."""
    plan = Plan(seed=seed, shape=Shape(scene_count))
    dumps, pack, write = marshal.dumps, LENGTH.pack, pipe.write
    for step in fit(layout).passes if layout else PASSES:
        for values in step.batches(plan):
            data = dumps(values, _MARSHAL_VERSION)
            write(pack(len(data)))
            write(data)
        write(pack(0))
    pipe.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides, and closes the pipe
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # the parent is gone: end at once, without a word
    given = Layout.from_text(sys.argv[3]) if len(sys.argv) > 3 else None  # noqa: PLR2004 - the third argument
    send(int(sys.argv[1]), int(sys.argv[2]), sys.stdout.buffer, given)
