"""View models: what the templates print, already in words and human units, one part of the page a file."""
