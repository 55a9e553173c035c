"""The judgement behind the checks: pure functions from facts to an `Observation`, one noun a file."""
