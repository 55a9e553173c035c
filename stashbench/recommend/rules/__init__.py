"""One rule a file; a module here with `META` and `evaluate` is found and run, nothing else has to be edited."""
