"""Results in formats that other tools read, one format a file; pure functions of an `AuditResult`."""
