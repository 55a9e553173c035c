"""A generator of load: keeps a core busy for 0.2 to 2 s, rests for 0.5 to 4 s, until it is killed."""

from __future__ import annotations

import random
import sys
import time

chance = random.Random(int(sys.argv[1]))
while True:
    until = time.monotonic() + chance.uniform(0.2, 2.0)
    while time.monotonic() < until:
        sum(range(1000))
    time.sleep(chance.uniform(0.5, 4.0))
