"""Background jobs: the queue that runs one at a time, and what the jobs do."""
