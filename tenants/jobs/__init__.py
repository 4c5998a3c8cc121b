"""Long work of a tenant: an import, an export. Kept as a row, done by a heavy worker, told with progress."""
