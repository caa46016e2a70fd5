"""What an operator does in a day at the station, while the server is killed in the middle of each flow.

Owns what is sent, and what must be true after each kill: everything is as it was shown, a deed was done whole or not
at all, and sending it again gives one deed and the same answer.
"""

import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Collection
from functools import partial
from types import MappingProxyType

import httpx2 as httpx

from tests.journeys.day_model import NOWHERE, DayModel, Places, place_of
from tests.journeys.people_at_work import Person, hidden, lines_of, new_name, numbers_in, numbers_of, queue_of, seen_in
from tests.journeys.served_station import Lost, Moment

SIGNATURE = "M80 120l30 -60l30 60l30 -60l30 60"
HEADER = "asset_tag,timestamp,event_type,operator_id,equipment_type,case_number,slot_number\n"

FLOWS = (
    "sign in", "scan", "commit of intake", "upload", "commit of a file", "list of issue", "commit of issue", "receipt",
    "commit of transfer", "commit of return", "move", "count", "scan of a count", "end of a count", "timed call",
    "call",
)  # fmt: skip
"""All in the middle of which the server can be killed, in the order of the day."""

MIDDLE = 2
"""The scan of a list in which the server is killed."""

SECONDS = 0.03
SLOW = MappingProxyType({"sign in": 0.15})
"""So long a request is worked on, by its flow; some kills come after the answer, and must."""

WAIT_SECONDS = 0.5

Send = Callable[[], httpx.Response]
Look = Callable[[], object]


class Chance:
    """When the server is killed in each flow: by a seed that is printed where a check fails."""

    def __init__(self, seed: int, moment: Callable[[random.Random, float], Moment]) -> None:
        self.seed = seed
        self._random = random.Random(seed)
        self._moment = moment

    def moment(self, flow: str) -> Moment:
        """Return the moment of the next kill."""
        return self._moment(self._random, SLOW.get(flow, SECONDS))


def soon(chance: random.Random, seconds: float) -> Moment:
    """At any moment while the request is worked on, or shortly after."""
    return Moment(seconds=chance.uniform(0, seconds))


def at_a_step(chance: random.Random, _seconds: float) -> Moment:
    """Right before or after one of the first things that the request makes durable."""
    return Moment(step=f"{chance.choice(('before', 'after'))} {chance.choice((1, 1, 2, 3))}")


def when_answered(_chance: random.Random, _seconds: float) -> Moment:
    """As soon as the answer is there."""
    return Moment()


class Operator:
    """Somebody who works at the station, with cases of their own; in the middle of ``killed`` flows the server is."""

    def __init__(self, person: Person, model: DayModel, chance: Chance, killed: Collection[str]) -> None:
        self.person = person
        self.model = model
        self.kills: Counter[str] = Counter()
        self.meanwhile: Look = bool
        """What others do between a kill and whatever is sent again."""

        self._chance = chance
        self._killed = killed
        self._is_in = False
        self._shown: dict[str, tuple[str, ...]] = {"intake": (), "issue": (), "return": (), "transfer": ()}
        self._after: dict[str, tuple[str, ...]] = {}
        self._count = ""

    # -- a deed, and the kill in the middle of it ---------------------------------------------------------------------

    def do(self, flow: str, send: Send, look: Look | None = None) -> httpx.Response:
        """Send what is in the middle of a flow; the server is killed meanwhile. Send it again until it is answered.

        ``look`` says what must be true between: before it is sent again.
        """
        if flow not in self._killed:
            return self.insist(send, look)
        first = self.person.station.killed_during(send, self._chance.moment(flow))
        self.kills[flow] += 1
        self._look(look)
        self.meanwhile()
        again = self.insist(send, look)
        if first is not None:
            assert _told(first) == _told(again), (
                f"{flow}: {_told(first)}, and sent again another answer: {_told(again)}"
            )
        return again

    def insist(self, send: Send, look: Look | None = None) -> httpx.Response:
        """Send the same again until it is answered."""
        while True:
            try:
                return send()
            except Lost as lost:
                self.person.station.wait_after(lost.generation)
                self._look(look)

    def _look(self, look: Look | None) -> None:
        """See, after a kill, that the session goes on and everything is as it was shown."""
        if not self._is_in:
            return
        self.person.page("/")
        for area, shown in self._shown.items():
            seen = self._seen(area)
            after = self._after.get(area, shown)
            assert seen in {shown, after}, f"{area} shows {seen} after the kill, and not {shown} or {after}"
        if look is not None:
            look()

    def _seen(self, area: str) -> tuple[str, ...]:
        if area == "intake":
            return tuple(queue_of(self.person.page("/intake?everything=1")))
        if area == "count":
            return tuple(seen_in(self.person.page(f"{self._count}?show=found")))
        return tuple(lines_of(self.person.page(f"/{area}"), area))

    def changes(
        self, area: str, after: list[str], send: Send, look: Look | None = None, *, flow: str = ""
    ) -> httpx.Response:
        """Send what changes a queue, a list or a count, in the middle of a flow or not; from the answer on it is so."""
        self._after = {area: tuple(after)}
        answer = self.do(flow, send, look) if flow else self.insist(send, look)
        assert answer.status_code == 303, (area, answer.status_code, answer.text)
        self._shown[area], self._after = tuple(after), {}
        seen = self._seen(area)
        assert seen == tuple(after), f"{area} shows {seen} and not {after}"
        return answer

    def whole(self, after: Places) -> Look:
        """What must be true of a deed in the middle of which the server died: it was done whole, or not at all."""
        before = self.model.where(list(after))

        def look() -> None:
            now = {tag: self._where(tag) for tag in after}
            assert now in (before, after), (now, before, after)

        return look

    def _where(self, tag: str) -> str:
        asked = self.person.ask(f"assets?text={tag}")
        found = [asset for asset in asked["assets"] if asset["asset_tag"] == tag]  # type: ignore[attr-defined]  # a fact of JSON
        return place_of(self.person.ask(f"assets/{tag}")) if found else NOWHERE

    def committed(self, event: str, area: str, after: Places, send: Send) -> int:
        """Commit what is on a queue or list, and note it; return the batch."""
        answer = self.changes(area, [], send, self.whole(after), flow=f"commit of {area}")
        batch = int(_place(answer).removeprefix("/batches/"))
        now = {tag: self._where(tag) for tag in after}
        assert now == after, (now, after)
        self.model.done(event, after, batch)
        return batch

    # -- the flows ----------------------------------------------------------------------------------------------------

    def sign_in(self) -> None:
        """Sign in; who is not signed in any more is again, and what was at the desk is there."""
        answer = self.do("sign in", self._sign_in)
        while answer.status_code == 429:  # tries in the middle of which the server died count as failed ones
            time.sleep(WAIT_SECONDS)
            answer = self.insist(self._sign_in)
        assert answer.status_code == 303, answer.text
        self._look(None)

    def _sign_in(self) -> httpx.Response:
        """Sign in once: it ends the session before, so that one is in for sure only after an answer."""
        self._is_in = False
        answer = self.person.sign_in()
        self._is_in = answer.status_code == 303
        return answer

    def take_in(self, case: str, tags: list[str], wrong: str) -> None:
        """Scan assets into a case, with one wrong scan that is removed, and commit."""
        said = {"event_type": "SCAN", "case_name": case, "slot_position": "", "holder": "", "equipment_type": "laptop"}
        said |= {"building_room": "", "notes": "", **hidden(self.person.page("/intake"), "/intake/context")}
        self.insist(lambda: self.person.post("/intake/context", said))
        for done, tag in enumerate([*tags, wrong], 1):
            fields = {"typed": tag, "sent_as": new_name()}
            self.changes(
                "intake",
                [*tags, wrong][:done],
                partial(self.person.post, "/intake/scans", fields),
                flow=_nth("scan", done),
            )
        page = self.person.page("/intake?everything=1")
        drawn = hidden(page.partition(f'<li id="scan-{numbers_of(page)[wrong]}"')[2], "/intake/remove")
        self.changes("intake", tags, lambda: self.person.post("/intake/remove", drawn))
        fields = hidden(self.person.page("/intake/check"), "/intake/commit")
        after = {tag: f"{case}/{slot}" for slot, tag in enumerate(tags, 1)}
        self.committed("SCAN", "intake", after, lambda: self.person.post("/intake/commit", fields))

    def take_in_file(self, case: str, first_slot: int, tags: list[str]) -> None:
        """Send a file of scans, check and commit it."""
        after = {tag: f"{case}/{slot}" for slot, tag in enumerate(tags, first_slot)}
        rows = [f"{tag},2026-01-05T08:00:00Z,SCAN,{self.person.name},laptop,{case},{slot.partition('/')[2]}\n"
                for tag, slot in after.items()]  # fmt: skip
        file = ("delivery.csv", (HEADER + "".join(rows)).encode())
        untouched = self.whole(self.model.where(tags))
        sent = self.do("upload", lambda: self._upload(file), untouched)
        page = self.person.page(_place(sent))
        path = f"{_place(sent)}/commit"
        fields = hidden(page, path)
        answer = self.do("commit of a file", lambda: self.person.post(path, fields), self.whole(after))
        self.model.done("SCAN", after, int(_place(answer).removeprefix("/batches/")))

    def _upload(self, file: tuple[str, bytes]) -> httpx.Response:
        """Send a file; each time it is kept as a draft of its own, and only the one that is committed counts."""
        answer = self.person.post("/intake/upload", {"equipment_type": "", "late_reason": ""}, file)
        assert answer.status_code == 303, answer.text
        return answer

    def hand_over(self, word: str, tags: list[str], to: str) -> int:
        """Issue or transfer assets to somebody, who signs on the screen; return the batch."""
        chosen = {"holder": to, **hidden(self.person.page(f"/{word}"), f"/{word}/holder")}
        self.insist(lambda: self.person.post(f"/{word}/holder", chosen))
        for done, tag in enumerate(tags, 1):
            send = partial(self.person.post, f"/{word}/scans", {"typed": tag})
            self.changes(word, tags[:done], send, flow=_nth(f"list of {word}", done))
        said = hidden(self.person.page(f"/{word}/acceptance"), f"/{word}/acceptance")
        assert said["signer.0"] == to
        said |= {"how": "screen", "name.0": "", "strokes.0": SIGNATURE, "due_on": "2030-01-31", "notes": ""}
        check = self.changes(word, tags, lambda: self.person.post(f"/{word}/acceptance", said))
        fields = hidden(self.person.page(_place(check)), f"/{word}/commit")
        after = dict.fromkeys(tags, f"with {to}")
        return self.committed(word.upper(), word, after, lambda: self.person.post(f"/{word}/commit", fields))

    def give_back(self, tags: list[str], homes: Places) -> None:
        """Take back some of what somebody has, each into the slot from which it was issued."""
        for done, tag in enumerate(tags, 1):
            send = partial(self.person.post, "/return/scans", {"typed": tag})
            self.changes("return", tags[:done], send)
        shown = hidden(self.person.page("/return"), "/return/check")
        check = self.changes("return", tags, lambda: self.person.post("/return/check", shown))
        fields = hidden(self.person.page(_place(check)), "/return/commit")
        self.committed("RETURN", "return", homes, lambda: self.person.post("/return/commit", fields))

    def receipt(self, batch: int, holder: str) -> None:
        """Issue a receipt for a batch: one, however often it is asked for."""
        self.do("receipt", lambda: self.person.post(f"/batches/{batch}/receipts", {"holder": holder}))
        page = self.person.page(f"/batches/{batch}")
        numbers = {
            int(part.split('"')[0]) for part in page.split('href="/receipts/')[1:] if part.split('"')[0].isdecimal()
        }
        assert len(numbers) == 1, numbers
        self.model.issued_receipt(numbers.pop(), batch)

    def move(self, tag: str, case: str, slot: int) -> None:
        """Move an asset to another slot of its case; where an answer says that it may not be done, look and repeat."""
        after = {tag: f"{case}/{slot}"}
        here = self.model.where([tag])[tag].partition("/")[2]
        while self._where(tag) != after[tag]:
            fields = hidden(self.person.page(f"/cases/{case}?slot={here}"), f"/cases/{case}/move")
            said = {**fields, "to_case": case, "to_slot": slot}
            send = partial(self.person.post, f"/cases/{case}/move", said)
            answer = self.do("move", send, self.whole(after))
            assert answer.status_code == 303, answer.text
        self.model.done("SLOT_MOVE", after)

    def count(self, case: str, tags: list[str]) -> None:
        """Count a case in which all is found, and sign the count off."""
        fields = hidden(self.person.page(f"/counts/new?of=cases&case={case}"), "/counts")
        begun = self.do("count", lambda: self.person.post("/counts", fields))
        self._count = self._begun(_place(begun), case)
        self._shown["count"] = ()
        for done, tag in enumerate(tags, 1):
            said = {"typed": tag, "case": case, "slot": "", "sent_as": new_name()}
            send = partial(self.person.post, f"{self._count}/scans", said)
            self.changes("count", sorted(tags[:done]), send, flow=_nth("scan of a count", done))
        fields = hidden(self.person.page(f"{self._count}/close"), f"{self._count}/close")
        self.do("end of a count", lambda: self.person.post(f"{self._count}/close", {**fields, "remark": ""}))
        del self._shown["count"]
        assert f'action="{self._count}/scans"' not in self.person.page(self._count), "the count goes on"

    def _begun(self, place: str, case: str) -> str:
        """Return the count that was begun; where the answer leads to the list of counts, it is looked up there."""
        if place != "/counts":
            return place
        numbers = numbers_in(self.person.page(place), "counts")
        mine = [number for number in numbers if f" {case}" in self.person.page(f"/counts/{number}").split("</h1>")[0]]
        assert len(mine) <= 1, mine
        if mine:
            return f"/counts/{mine[0]}"
        fields = hidden(self.person.page(f"/counts/new?of=cases&case={case}"), "/counts")
        return self._begun(_place(self.insist(lambda: self.person.post("/counts", fields))), case)

    def call(self, word: str, tag: str, to: str, **when: str) -> None:
        """Issue or transfer an asset as a program does, under a key; with a time of its own, or without."""
        after, key = {tag: f"with {to}"}, new_name()
        send = partial(self.person.call, word, key, {"asset_tags": [tag], "to": to, "yes": True, **when})
        answer = self.do("timed call" if when else "call", send, self.whole(after))
        if answer.status_code == 409 and answer.json()["error"]["code"] == "answer_lost":
            assert not when, "a deed that its time makes known can be told of"
            batch = self._batch_of(tag) if self._where(tag) == after[tag] else None
            if batch is None:  # it was looked up: nothing was done, so it is asked for as something new
                again = partial(self.person.call, word, new_name(), json.loads(answer.request.content))
                batch = int(self.insist(again, self.whole(after)).json()["batch_id"])
        else:
            assert answer.status_code == 200, answer.text
            batch = int(answer.json()["batch_id"])
        assert self._where(tag) == after[tag]
        self.model.done(word.upper(), after, batch)

    def _batch_of(self, tag: str) -> int:
        """The batch that the latest entry of an asset is in."""
        return int(self.person.ask(f"assets/{tag}/history")["entries"][-1]["batch_id"])  # type: ignore[index]  # a fact of JSON

    def day(self, number: int, holders: tuple[str, ...]) -> None:
        """Live through a day: every flow once, with a case of one's own."""
        case, (jane, tom) = case_of(self.person.name, number), holders
        tags = [f"{case[5:]}-{each}" for each in range(1, 8)]
        self.sign_in()
        self.take_in(case, tags[:4], f"{case[5:]}-WRONG")
        self.take_in_file(case, 5, tags[4:])
        homes = self.model.where(tags)
        batch = self.hand_over("issue", tags[:3], jane)
        self.receipt(batch, jane)
        self.hand_over("transfer", tags[1:2], tom)
        self.give_back(tags[:1], {tags[0]: homes[tags[0]]})
        self.move(tags[3], case, 8)
        self.count(case, [tags[0], tags[3], tags[4]])
        self.call("issue", tags[5], tom, at="2026-01-05T09:00Z")
        self.call("transfer", tags[5], jane)


def case_of(name: str, number: int) -> str:
    """The case of an operator for one day."""
    return f"CASE-{name[0].upper()}{number}"


def _nth(flow: str, number: int) -> str:
    """The name of the flow where this is the scan in which the server is killed, or blank."""
    return flow if number == MIDDLE else ""


def _place(answer: httpx.Response) -> str:
    """Where an answer leads, without what only says what was scanned last."""
    return re.sub(r"[?&]last=[^&]*", "", str(answer.headers.get("location", ""))).partition("#")[0]


def _told(answer: httpx.Response) -> tuple[int, str]:
    """What two answers to the same have in common: not what is said of it at the top of the page that they lead to.

    A file that is sent twice is two drafts, and neither is a deed.
    """
    path = _place(answer).partition("?")[0]
    return answer.status_code, "/intake/files" if path.startswith("/intake/files/") else path
