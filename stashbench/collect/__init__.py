"""Sources of facts: the resource sampler, the machine's environment, the database file. Importing it loads nothing."""
