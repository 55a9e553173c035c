"""Reads a Prometheus node_exporter on the server's machine, for what cannot be sampled from here.

The sampler process does it, which runs without installed packages to stay small; a parser of the few families we need
is a page of standard Python, reads only their lines, and costs a fifth of what a general one does.
"""
