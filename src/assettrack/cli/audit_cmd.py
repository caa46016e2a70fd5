"""`audit`: verify the audit log, read it, take a checkpoint of it, prove an entry; export all proofs and check them."""

from collections.abc import Iterator, Sequence

import click
import msgspec

from assettrack.cli import arguments, exit_codes, output
from assettrack.cli.batch_file import read_file
from assettrack.cli.commands import Group, examples
from assettrack.cli.invocation import Invocation
from assettrack.cli.kept_file import read_lines, write_kept
from assettrack.cli.progress import showing
from assettrack.cli.show.entries import entry_lines, sound
from assettrack.domain import errors, station_errors
from assettrack.domain.checkpoints import parse_note
from assettrack.domain.log_export import LINE_BYTES_MAX, NotAnExport
from assettrack.domain.signed_notes import NOTE_CHARACTERS_MAX, NotAKey, NoteInvalid, read_vkey
from assettrack.domain.wording import counted_entries
from assettrack.services import audit, log_export, verification
from assettrack.services.audit import EntryProof
from assettrack.services.verification import DatabaseVerification, Verification


def _key(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Make sure that a key is one, where it is given (a Click callback)."""
    if value is not None:
        try:
            read_vkey(value)
        except NotAKey as error:
            raise errors.ValueUnusable("The key", value, error.reason) from error
    return value


command = Group(
    "audit",
    help="Verify, read and prove the audit log.",
    epilog=examples("audit verify", "audit checkpoint > elsewhere.txt", "audit verify --checkpoint elsewhere.txt"),
)


@command.command("verify")
@click.option(
    "--checkpoint", "files", multiple=True, metavar="FILE", help="Check against a checkpoint kept elsewhere, too."
)
@click.pass_obj
def verify(call: Invocation, *, files: Sequence[str]) -> int:
    """Verify the whole database: the log and its signatures, its history, all tables, the schema.

    It is held against the newest checkpoint known on this machine, too. Only one that was kept elsewhere shows that the
    log was not made anew as a whole. One of another station, or a forged one, is said to be that, and the log is
    verified all the same.
    """
    notes = [_read_note(file) for file in files]
    workplace = call.workplace()
    with showing("Verifying the log", audit.log_size(workplace)) as display:
        found = verification.verify(workplace, notes, display.advance)
    found = _held_against_known(call, found)
    exit_code = _answer(call, found, "checkpoint handed in" if found.log_ok and not found.ok else "audit log")
    if not call.json and not found.ok:
        output.tell(
            "Look where the checkpoint comes from. If it is this station's own, compare the database with a backup."
            if found.log_ok
            else "Keep the file as it is, and compare it with a backup and with checkpoints kept elsewhere."
        )
    return exit_code


@command.command("show")
@click.option("--from", "first", type=arguments.NUMBER, metavar="SEQ", help="Begin with this entry.")
@click.option("--to", "last", type=arguments.NUMBER, metavar="SEQ", help="End with this entry.")
@click.option("--last", "count", type=arguments.NUMBER, metavar="N", help="Show the last N entries.")
@click.pass_obj
def show_(call: Invocation, *, first: int | None, last: int | None, count: int | None) -> None:
    """Show entries of the log, oldest first."""
    workplace = call.workplace()
    if first is not None and last is not None and first > last:
        raise click.UsageError("--from names the first entry to show, and comes before --to.")
    if first is not None:
        audit.require_entry(workplace, first)
    if count is not None:
        if first is not None or last is not None:
            raise click.UsageError("--last goes without --from and --to.")
        first = max(1, audit.log_size(workplace) - count + 1)
    bodies = call.reading(audit.entries(workplace, first or 1, last))
    if call.json:
        output.write_array(b'{"entries":', sound(bodies), b"}")
    else:
        output.lines(entry_lines(bodies))


@command.command("checkpoint")
@click.pass_obj
def checkpoint(call: Invocation) -> None:
    """Print the signed checkpoint of the whole log, to be kept elsewhere.

    It is a signed note (C2SP tlog-checkpoint). Whoever has it can show later that the log still
    begins with everything it held now.
    """
    note = audit.latest_checkpoint(call.workplace())
    if call.json:
        origin, size, root = note.split("\n")[:3]
        output.write_json({"origin": origin, "size": int(size), "root": root, "note": note})
    else:
        output.write_bytes(note.encode())


@command.command("key")
@click.pass_obj
def key_(call: Invocation) -> None:
    """Print the station's public key, for whoever verifies receipts, exports or checkpoints elsewhere.

    It is a verifier key as C2SP signed notes have it. Hand it on in person, or print it: whoever
    believes another key believes another station.
    """
    found = audit.verifier_key(call.workplace())
    if call.json:
        output.write_json({"key": found})
    else:
        output.lines([found])


@command.command("prove")
@click.argument("seq", type=arguments.NUMBER)
@click.pass_obj
def prove(call: Invocation, seq: int) -> None:
    """Prove that an entry is in the log, to somebody who has only the station's public key."""
    proof = audit.prove(call.workplace(), seq)
    if call.json:
        output.write_json(proof)
    else:
        output.lines(_proof_lines(proof))


@command.command("export")
@click.argument("file")
@click.option("--force", is_flag=True, help="Replace the file if it is there already.")
@click.pass_obj
def export(call: Invocation, *, file: str, force: bool) -> None:
    """Write every entry with its proof to a file, for an auditor.

    The file is complete in itself: with it and the station's public key anybody can prove each entry, offline and with
    another program. How it is written is told in docs/reference/export.md.
    """
    workplace = call.workplace()
    with (
        showing("Exporting the log", audit.log_size(workplace)) as display,
        log_export.exporting(workplace, display.advance) as made,
    ):
        write_kept(file, made.blocks, station=call.settings(), force=force)
    call.made()
    header = made.header
    if call.json:
        facts = {"entries": header.size, "root": header.root, "checkpoint": header.checkpoint}
        output.write_json({"file": output.inert(file), **facts})
    else:
        done = f"Exported {counted_entries(header.size)} to {file}"
        output.lines([done, f"Root: {header.root}", f"Key:  {header.key}"])


@command.command("check-export")
@click.argument("file")
@click.option("--key", metavar="VKEY", callback=_key, help="The station's public key, as audit key prints it there.")
@click.pass_obj
def check_export(call: Invocation, *, file: str, key: str | None) -> int:
    """Check a file made by export: every entry, every proof, the signature. Needs no station.

    Without --key only the file itself says whose signature it is: compare the key that is shown.
    """
    from assettrack.bootstrap import signature_check  # no station is opened: there need be none on this machine

    verify = signature_check()
    with showing("Checking the export") as display:
        try:
            found = log_export.check(call.reading(read_lines(file, LINE_BYTES_MAX)), verify, key, display.advance)
        except NotAnExport as error:
            raise errors.FileUnreadable(output.inert(file), str(error)) from error
    exit_code = _answer(call, found, "export")
    if not call.json and found.ok and key is None:
        output.tell("Is this the station's key? Compare it with the one you know, or name that with --key.")
    return exit_code


def _held_against_known(call: Invocation, found: DatabaseVerification) -> DatabaseVerification:
    """Hold a database that is good in itself against the newest checkpoint known of its station on this machine.

    A shorter log may be an older copy that is kept on purpose, or another log: only one checkpoint is known, and a
    shorter log can't be held against it. That is said. Whoever writes to it is stopped, and `doctor` fails. One that
    is long enough and differs is another log.
    """
    from assettrack.bootstrap import require_known_held

    if found.log_ok:
        try:
            require_known_held(call.settings())
        except station_errors.DatabaseOlder as error:
            if error.known > error.entries:
                fewer = (
                    f"The station is known to have signed {counted_entries(error.known)}; this file has fewer. If it "
                    "is an older copy it is good as one; whether it is, only a checkpoint of its own size can tell."
                )
                return msgspec.structs.replace(found, message=f"{found.message} {fewer}")
            return msgspec.structs.replace(found, ok=False, log_ok=False, message=error.as_seen)
        except errors.IntegrityError as error:
            return msgspec.structs.replace(found, ok=False, log_ok=False, message=error.as_seen)
    return found


def _answer(call: Invocation, found: Verification, what: str) -> int:
    """Say what verifying came to, and return the exit code."""
    if call.json:
        output.write_json(found)
    elif found.ok:
        output.lines([f"The {what} is good: {found.message}", f"Root: {found.root}"])
    else:
        where = "" if found.first_bad_seq is None else f" First bad entry: {found.first_bad_seq}."
        output.lines([f"THE {what.upper()} IS NOT GOOD.{where}", found.message])
    return exit_codes.DONE if found.ok else errors.IntegrityError.exit_code


def _proof_lines(proof: EntryProof) -> Iterator[str]:
    size = proof.checkpoint.split("\n")[1]
    yield f"Entry {proof.seq} is in the log of {size} entries that the checkpoint below states."
    yield ""
    yield "1. The entry, byte for byte:"
    yield f"   {proof.body}"
    yield "2. Its leaf, the SHA-256 of a zero byte and the entry, in base64:"
    yield f"   {proof.leaf}"
    yield f"3. The hashes beside its way up to the root (RFC 6962, index {proof.seq - 1}, tree size {size}):"
    yield from (f"   {node}" for node in proof.proof or ("(none: it is the only entry)",))
    yield "4. The checkpoint, whose third line must be the root that 2 and 3 lead to:"
    yield from (f"   {line}".rstrip() for line in proof.checkpoint.splitlines())
    yield "5. The checkpoint's signature is checked with the station's public key, which stands in entry 1."


def _read_note(name: str) -> str:
    content = read_file(name)
    if len(content) > NOTE_CHARACTERS_MAX:
        raise errors.FileUnreadable(output.inert(name), "it is too long to be a checkpoint")
    try:
        note = content.decode()
        parse_note(note)
    except UnicodeDecodeError as error:
        raise errors.FileUnreadable(output.inert(name), "it is no text in UTF-8, so no checkpoint") from error
    except NoteInvalid as error:
        reason = output.inert(f"{error.reason[0].lower()}{error.reason[1:].rstrip('.')}")
        raise errors.FileUnreadable(output.inert(name), reason) from error
    return note
