"""Thinking without I/O: statistics, comparisons, scores and the judgement behind each check."""
