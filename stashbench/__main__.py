"""`python -m stashbench` is the same as `stashbench`."""

from stashbench.cli import main

main()
