"""Reports as pages, tables and charts."""
