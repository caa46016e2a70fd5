"""The kinds of entries of the audit log, by what they are about; `audit_log` has their one canonical form."""
