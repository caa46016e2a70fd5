"""Which repeated requests are being worked on right now, in this server.

What the desk keeps can't tell a request that is being worked on from one that the station stopped in: this can, because
it is forgotten when the server ends.
"""

import threading


class AtWork:
    """The idempotency keys that are being worked on, each with the hash of its request."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._requests: dict[tuple[int, str], bytes] = {}

    def begin(self, account_id: int, key: str, request_sha256: bytes) -> bytes | None:
        """Begin the work; where it is being done already, return the hash of the request it is done for."""
        with self._guard:
            found = self._requests.get((account_id, key))
            if found is None:
                self._requests[account_id, key] = request_sha256
            return found

    def end(self, account_id: int, key: str) -> None:
        """End the work."""
        with self._guard:
            del self._requests[account_id, key]
