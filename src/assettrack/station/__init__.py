"""What a station keeps beside its database: its signing key, in a folder of its own.

The database holds everything that is known about assets, and the public key. The private
key stays out of it, so that neither a copy nor a backup of the database can sign for the
station. Nothing here reads or writes the database, and nothing in the database is needed
to read the key.
"""
