"""Geometry of the report's drawings: numbers in, positions and SVG path data out; templates write the markup."""
