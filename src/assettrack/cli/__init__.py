"""The command line: parse what was typed, call one service, show what it answers.

Nothing here decides anything about assets, and nothing here knows the database.
"""
