"""`receipt`: issue the receipts of a batch or a holder, print them, and verify one without the station."""

import click

from assettrack.cli import arguments, batch_file, exit_codes, output
from assettrack.cli.commands import Group, examples
from assettrack.cli.invocation import Invocation
from assettrack.cli.kept_file import write_kept
from assettrack.cli.show.columns import in_columns
from assettrack.cli.show.words import assets_in_lines, counted
from assettrack.domain import errors
from assettrack.services import receipt_checks, receipts
from assettrack.services.receipt_checks import Judgement
from assettrack.services.receipts import IssuedReceipt

command = Group(
    "receipt",
    help="Issue receipts for what was handed over, print them, and verify one offline.",
    epilog=examples(
        "receipt issue --batch 7",
        'receipt issue --holder "Jane Smith"',
        "receipt print 3 receipt-3.pdf",
        "receipt verify receipt-3.pdf --key assettrack-8f3k2q7d+5f1c2b3a+AbC...",
    ),
)


@command.command("issue")
@click.option("--batch", "batch_id", type=arguments.NUMBER, metavar="N", help="For what this batch handed over.")
@click.option("--holder", metavar="NAME", callback=arguments.person, help="For this holder; without --batch: all held.")
@click.pass_obj
def issue(call: Invocation, *, batch_id: int | None, holder: str | None) -> None:
    """Issue the receipts of a batch, one for each holder, or the hand receipt of all that a holder has.

    Each is one entry in the log, with the hash of the receipt's text. What says the same as an earlier one is
    not issued again.
    """
    if batch_id is None and holder is None:
        raise click.UsageError("Give --batch N, --holder NAME, or both.")
    with call.deed() as workplace:
        if batch_id is not None:
            issued = receipts.issue_for_batch(workplace, batch_id, holder)
        else:
            issued = receipts.issue_hand_receipt(workplace, holder or "")
    if call.json:
        output.write_json(issued)
    else:
        output.lines(map(_issued, issued.receipts))
        first = issued.receipts[0].receipt_id
        output.lines([f"Print with: assettrack receipt print {first} receipt-{first}.pdf"])


@command.command("list")
@click.option("--holder", metavar="NAME", callback=arguments.person, help="Only this holder's.")
@click.pass_obj
def list_(call: Invocation, *, holder: str | None) -> None:
    """List receipts."""
    found = receipts.all_receipts(call.workplace(), holder)
    if call.json:
        output.write_json({"receipts": [{**fact._asdict(), "holder": name} for fact, name in found]})
        return
    if not found:
        of = "" if holder is None else f" for {holder}"
        output.tell(f"No receipt is issued{of}. Issue one with: assettrack receipt issue --batch N, or --holder NAME")
        return
    rows = (
        (str(fact.receipt_id), name, "all held" if fact.batch_id is None else str(fact.batch_id), str(fact.seq))
        for fact, name in found
    )
    output.lines(in_columns(("receipt", "holder", "batch", "entry"), rows, numbers=1))


@command.command("show")
@click.argument("receipt_id", type=arguments.NUMBER)
@click.pass_obj
def show(call: Invocation, receipt_id: int) -> None:
    """Show a receipt's text, byte for byte as it was hashed, and the code that proves it."""
    found = receipts.printed(call.workplace(), receipt_id)
    if call.json:
        output.write_json(found)
    else:
        output.write_bytes(found.text.encode())
        output.tell(f"Code: {found.payload}")


@command.command("print")
@click.argument("receipt_id", type=arguments.NUMBER)
@click.argument("file")
@click.option("--force", is_flag=True, help="Replace the file if it is there already.")
@click.pass_obj
def print_(call: Invocation, receipt_id: int, *, file: str, force: bool) -> None:
    """Write a receipt as PDF: the same bytes each time, with text and proof attached."""
    from assettrack.paper.receipt_pdf import receipt_pdf

    found = receipts.printed(call.workplace(), receipt_id)
    write_kept(file, [receipt_pdf(found.text, found.payload)], station=call.settings(), force=force)
    call.made()
    if call.json:
        output.write_json({"receipt_id": receipt_id, "file": output.inert(file)})
    else:
        output.lines([f"Receipt {receipt_id} is in {file}."])


@command.command("verify")
@click.argument("file", required=False)
@click.option("--text", metavar="FILE", help="The receipt's text, instead of a PDF; together with --code.")
@click.option("--code", metavar="CODE", help="What the QR code says, as a scanner types it.")
@click.option("--key", metavar="VKEY", help="The station's public key, as audit key shows it. Needs no station then.")
@click.pass_obj
def verify(call: Invocation, *, file: str | None, text: str | None, code: str | None, key: str | None) -> int:
    """Verify a receipt: it is in the station's log, unchanged.

    With --key nothing but the receipt is looked at, so it works on any machine, offline. Without it
    the station's own key is taken, and the log must still agree.
    """
    if (file is None) == (text is None) or (text is None) != (code is None):
        raise click.UsageError("Give a PDF, or --text FILE and --code CODE.")
    judged = _judge(call, _text(text or ""), code or "", key) if file is None else _judge_pdf(call, file, key)
    if call.json:
        output.write_json(judged)
    else:
        output.lines([judged.message, *judged.remarks])
    return exit_codes.DONE if judged.ok else errors.IntegrityError.exit_code


def _judge_pdf(call: Invocation, file: str, key: str | None) -> Judgement:
    """Judge a receipt by its PDF: what is attached, and whether the pages are what is printed from that.

    Raises:
        errors.FileUnreadable: it can't be opened, or is no receipt's PDF.
    """
    from assettrack.paper.receipt_pdf import ReceiptPdfDamaged, ReceiptPdfForeign, is_as_printed, read_receipt_pdf

    data = batch_file.read_file(file)
    try:
        text, payload = read_receipt_pdf(data)
    except ReceiptPdfDamaged as error:
        return Judgement(ok=False, code="damaged", message=str(error))
    except ReceiptPdfForeign as error:
        raise errors.FileUnreadable(output.inert(file), str(error).rstrip(".")) from error
    judged = _judge(call, text, payload, key)
    if judged.ok and not is_as_printed(data, text, payload):
        return receipt_checks.not_as_printed(judged)
    return judged


def _judge(call: Invocation, text: str, payload: str, key: str | None) -> Judgement:
    """Judge a receipt: by the key alone, or beside the station's database."""
    if key is None:
        return receipt_checks.judge(call.workplace(), text, payload)
    from assettrack.bootstrap import signature_check  # no station is opened: there need be none on this machine

    return receipt_checks.judge_offline(text, payload, key, signature_check())


def _text(file: str) -> str:
    try:
        return batch_file.read_file(file).decode()
    except UnicodeDecodeError as error:
        raise errors.FileUnreadable(output.inert(file), "it is no text in UTF-8") from error


def _issued(receipt: IssuedReceipt) -> str:
    what = "all held" if receipt.batch_id is None else f"batch {receipt.batch_id}"
    void = f", {counted(receipt.void, 'void line')}" if receipt.void else ""
    known = ", issued before and unchanged" if receipt.already_issued else ""
    return (
        f"Receipt {receipt.receipt_id} for {receipt.holder}: {what}, "
        f"{assets_in_lines(receipt.assets, receipt.lines - receipt.void)}{void} (entry {receipt.seq}{known})."
    )
