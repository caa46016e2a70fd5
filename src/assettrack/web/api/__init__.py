"""The same services for programs: JSON under ``/api``. Parses, calls one service, answers."""
