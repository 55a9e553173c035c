"""Short experiments on a running server whose results the checks judge. None of them changes anything but `updates`."""
