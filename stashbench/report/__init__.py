"""The report: an `AuditResult` as one offline HTML page, as Markdown, and an index over runs; pure functions."""
