"""The store: the only SQL, the only commits, the only place that knows the database driver."""
