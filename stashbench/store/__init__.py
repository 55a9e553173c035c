"""What a run leaves behind: journal, result, baselines, history; each written so that a crash costs nothing kept."""
