"""Two servers side by side: what is asked of both, when it is asked, and how times and counters are taken.

`plan` holds what the suites want to ask, `schedule` (pure) when, `stopwatch` takes the times, `run` puts it together;
what the numbers mean is decided in `analyse/paired.py`.
"""
