"""Whether a caller still may do what was asked for in the moment in which it is written.

Between the judgement of a request and its deed there is time: a long batch is read, a writer waits for the others.
Owns that the account, as the log has it inside the very transaction that writes, is judged once more, so that no entry
bears somebody's name after the entry which took the right from them. What is known at the desk only (that a session
ended or locked) is judged by `access`, once the request is whole. Must never judge by what was read earlier.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from assettrack.domain import desk_errors
from assettrack.domain.facts import Account
from assettrack.services.ports import Snapshot, Store, Transaction
from assettrack.web.permissions import Permission, allows


class Standing:
    """By what a caller was let in, for one request; None for a session.

    ``ended_itself`` says that a deed of this very request took the right from the caller: who deactivates their own
    account still records that its sessions ended.
    """

    def __init__(self, token_sha256: bytes | None = None) -> None:
        self.token_sha256 = token_sha256
        self.ended_itself = False


class StandingStore:
    """Fulfils ``services.ports.Store`` for one caller: it reads as ever, and writes while the caller still may."""

    def __init__(self, store: Store, account: Account, needed: Permission, standing: Standing) -> None:
        self._store = store
        self._account = account
        self._needed = needed
        self._standing = standing

    def read(self) -> AbstractContextManager[Snapshot]:
        """Open a read-only snapshot."""
        return self._store.read()

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Open the one transaction that may write.

        Raises:
            desk_errors.CallerBarred: the caller may not do this any more; nothing is saved.
        """
        with self._store.write() as transaction:
            if not self._may(transaction) and not self._standing.ended_itself:
                raise desk_errors.CallerBarred(self._account.name)
            yield transaction
            may_after = self._may(transaction)
        self._standing.ended_itself = not may_after

    def scrub(self) -> bool:
        """Bring it about that nothing that was erased is left in the files; tell whether that could be done now."""
        return self._store.scrub()

    def _may(self, snapshot: Snapshot) -> bool:
        token_sha256 = self._standing.token_sha256
        if token_sha256 is not None:
            token = snapshot.accounts.token(token_sha256)
            if token is None or token.revoked:
                return False
        account = snapshot.fact(Account, self._account.account_id)
        return account is not None and may_do(account, self._needed)


def may_do(account: Account, needed: Permission) -> bool:
    """Tell whether an account may do what needs this: an active one whose password is its own, by its role."""
    if not account.active:
        return False
    return needed is Permission.SIGNED_IN or (not account.one_time and allows(account.role, needed))
