"""SQL in the shapes Stash v0.30 sends, built by pure functions: entity and filter in, statement and arguments out.

Only hierarchical filters look at the database while they are built, through the `Fetch` they are given, because Stash
resolves a subtree with a statement of its own and pastes the result.
"""
