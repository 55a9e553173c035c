"""The bodies behind the pytest plugin: session, stopwatch, evidence recorder, and what the terminal shows."""
