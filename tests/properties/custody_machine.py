"""The state machine goes on: custody by command, the rules of the station, people, and acceptances given afterwards.

Owns these steps and what the model says of them; what is compared after each step is in `station_machine`. Must never
look into the program to know what to expect.
"""

from random import Random

from hypothesis.stateful import initialize, rule

from assettrack.domain import typed_rows
from assettrack.domain.tags import Place
from assettrack.services import acceptances, custody, holders, settings
from assettrack.services.acceptances import SaidAcceptance
from assettrack.services.custody import TypedCommand
from assettrack.services.holders import HolderUpdate
from tests.properties.model import Choices, Refused, Row
from tests.properties.model_words import options_of
from tests.properties.random_batches import NAMES, PLACES, TAGS, empty_slots
from tests.properties.station_machine import Shown, StationMachine, chances, choices

OPERATOR = "Tess Custodian"
"""Who is at work at the made-up station."""

NEW_NAMES = (*NAMES, "ANN OX", "Dee Newcomer")
EVENTS = {"issue": "ISSUE", "return": "RETURN", "return home": "RETURN", "transfer": "TRANSFER", "retire": "RETIRE"}


class CustodyMachine(StationMachine):
    """One station whose people, rules and custody change by command as well as by files."""

    @initialize(chance=chances)
    def begin_with_a_rule(self, chance: int) -> None:
        """Half of all lives begin where custody must be accepted."""
        self.set_acceptance(self.random(chance).choice(["recorded", "required"]))

    # -- custody by command ------------------------------------------------------------------------------------------

    @rule(chance=chances, made=choices)
    def by_command(self, chance: int, made: Choices) -> None:
        """Issue, return, transfer or retire assets by command: decided as the rows of a file are."""
        draw = self.random(chance)
        kind = draw.choice([*EVENTS, "transfer", "transfer", "return home"])
        how = draw.choice(["yes", "confirm", "later"])
        accepted = made.accepted or draw.choice(["screen", None])
        made = Choices(made.new_holders, reason=made.reason, due=made.due, accepted=accepted)
        tags = self.some_tags(draw, kind)
        known, empty = list(self.world.holders.values()), empty_slots(self.world)
        holder = draw.choice(known if known and draw.random() < 0.8 else NAMES)
        place = draw.choice(empty if empty and draw.random() < 0.8 else PLACES)
        try:
            rows = self.rows_expected(kind, tags, holder, place)
        except Refused as refused:
            self.must_make_no_rows(kind, (tags, holder, place), made, refused.args[0])
            return
        command = command_of(kind, tags, holder, place)
        self.seen[f"by command: {kind}"] += self.world.decide(rows, made).clean
        if how == "yes":
            self.commit(rows, command, made, code=None)
            return
        verdict, plan = self.preview(rows, command, made)
        if plan.confirm_code is None:
            return
        self.minute += how == "later"
        shown = Shown(rows, command, made, verdict, plan.confirm_code)
        now: list[Row] = [{**row, "minute": self.minute} for row in rows]
        self.commit(now, command, made, shown=shown, code=plan.confirm_code)

    def some_tags(self, draw: Random, kind: str) -> list[str]:
        """A few assets, mostly such as the command is for."""
        fits = "STORAGE" if kind == "issue" else "IN_CUSTODY"
        fitting = [tag for tag, thing in self.world.assets.items() if thing["status"] == fits]
        if kind == "return home":
            fitting = [tag for tag, (_, home) in self.world.custody.items() if home is not None] or fitting
        pool = fitting if fitting and draw.random() < 0.9 else list(TAGS)
        if draw.random() < 0.1:
            return [draw.choice(pool)] * 2
        return draw.sample(pool, 1 if kind == "return" else draw.randrange(1, min(len(pool), 2) + 1))

    def rows_expected(self, kind: str, tags: list[str], holder: str, place: object) -> list[Row]:
        """The rows that the command means, in the model's words."""
        given = {"issue": "OUT", "transfer": "OUT", "return": place, "retire": None}
        return [
            {
                "tag": tag,
                "minute": self.minute,
                "event": EVENTS[kind],
                "operator": OPERATOR,
                "holder": holder if kind in {"issue", "transfer"} else "",
                "place": self.home(tag) if kind == "return home" else given[kind],
                "details": {},
                "notes": "worn" if kind == "retire" else "",
                "flaw": "",
            }
            for tag in tags
        ]

    def home(self, tag: str) -> object:
        """Where an asset goes when it is returned to where it came from; what nobody has goes nowhere."""
        if tag not in self.world.custody:
            return "OUT"
        _, home = self.world.custody[tag]
        if home is None:
            raise Refused("home_unknown")
        return home

    def must_make_no_rows(self, kind: str, about: tuple[list[str], str, Place], made: Choices, code: str) -> None:
        """Make sure that a command that can't even be written as rows is refused as a whole."""
        command = command_of(kind, *about)
        for attempt in (
            lambda: custody.preview(self.workplace, command, options_of(made)),
            lambda: custody.commit(self.workplace, command, options_of(made), confirm=None),
        ):
            self.deed(attempt, lambda: refuse(code))

    # -- rules and people --------------------------------------------------------------------------------------------

    @rule(chance=chances)
    def other_deed(self, chance: int) -> None:
        """Set a rule, change what is known of a holder, or record an acceptance."""
        draw = self.random(chance)
        kind = draw.choice(["setting", "activity", "activity", "activity", "name", "acceptance", "acceptance"])
        if kind == "setting":
            self.set_acceptance(draw.choice(["recorded", "required", "required", "off"]))
        elif self.world.holders:
            having = [thing["holder"] for thing in self.world.assets.values() if thing["holder"] is not None]
            name = draw.choice(having if having and draw.random() < 0.6 else list(self.world.holders.values()))
            if kind == "activity":
                self.change_activity(name, active=draw.random() < 0.4, with_assets=draw.random() < 0.4)
            elif kind == "name":
                self.rename(name, draw.choice(NEW_NAMES))
            elif self.world.batches:
                self.accept(name, draw)

    def set_acceptance(self, value: str) -> None:
        """Set whether custody must be accepted; to what it is already is no deed."""
        changes = value != self.world.rule
        assert settings.set_rule(self.workplace, "acceptance", value) == changes
        self.world.rule = value
        self.world.log_size += changes
        self.seen[f"rule: {value}"] += 1

    def change_activity(self, name: str, *, active: bool, with_assets: bool) -> None:
        """Make a holder inactive, who then gets nothing more, or active again."""
        wanted = HolderUpdate(active=active, reason="left", with_assets=with_assets)

        def expect() -> None:
            number, has_any = self.world.number(name), name in {t["holder"] for t in self.world.assets.values()}
            if active == (number not in self.world.inactive):
                return
            if not active and has_any and not with_assets:
                raise Refused("holder_has_assets")
            (self.world.inactive.discard if active else self.world.inactive.add)(number)
            self.world.log_size += 1

        self.deed(lambda: holders.change(self.workplace, name, wanted), expect)

    def rename(self, name: str, new: str) -> None:
        """Give a holder another name, under which everything the holder has is from then on."""
        world = self.world

        def expect() -> None:
            if new.lower() in world.holders and new.lower() != name.lower():
                raise Refused("holder_exists")
            if new == name:
                return
            names = [new if known == name else known for known in world.holders.values()]
            world.holders = {known.lower(): known for known in names}
            for tag, thing in world.assets.items():
                if thing["holder"] == name:
                    world.assets[tag] = thing | {"holder": new}
            world.log_size += 1
            self.seen["renamed"] += 1

        self.deed(lambda: holders.change(self.workplace, name, HolderUpdate(name=new)), expect)

    def accept(self, name: str, draw: Random) -> None:
        """Record that what a batch exchanged with a holder was accepted after it."""
        world = self.world
        batch_id = draw.randrange(1, len(world.batches) + 1)
        still_open = [key for key, (seq, _) in world.handovers.items() if seq is None]
        if still_open and draw.random() < 0.7:
            batch_id, number = draw.choice(still_open)
            name = list(world.holders.values())[number - 1]

        def expect() -> None:
            key = batch_id, world.number(name)
            if key not in world.handovers:
                raise Refused("no_handover")
            accepted, is_asked = world.handovers[key]
            if accepted is not None:
                raise Refused("already_accepted")
            world.log_size += 1
            world.handovers[key] = world.log_size, is_asked
            self.seen["accepted later"] += 1

        self.deed(lambda: acceptances.record(self.workplace, batch_id, name, SaidAcceptance("screen")), expect)


def refuse(code: str) -> None:
    """Refuse."""
    raise Refused(code)


def command_of(kind: str, tags: list[str], holder: str, place: object) -> TypedCommand:
    """The command as an operator would give it."""
    if kind == "issue":
        return TypedCommand(tags, lambda _: typed_rows.issues(tags, holder))
    if kind == "transfer":
        return TypedCommand(tags, lambda _: typed_rows.transfers(tags, holder))
    if kind == "retire":
        return TypedCommand(tags, lambda _: typed_rows.retirements(tags, "worn"))
    target = Place(*place) if kind == "return" and isinstance(place, tuple) else None
    return TypedCommand(tags, lambda inventory: typed_rows.returns(tags, inventory, target))
