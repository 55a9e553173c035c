"""SQLite as Stash uses it: its functions and collation, and what a statement costs counted in SQLite's own steps."""
