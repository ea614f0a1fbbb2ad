"""A random day in the city: whatever residents, lawyers, lines and time do, the queue keeps its
word."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Coroutine, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from center.domain.consultation import BOTH, QUEUED, TALKING, Consultation
from center.domain.duty import CHOICES
from center.domain.errors import DomainError
from center.domain.log import replay, replay_duty
from center.domain.matching import OnCall, match
from center.domain.queue import in_order, place_of
from center.domain.records import Kiosk
from center.protocol.words import ConsultationState as State
from center.protocol.words import DutyState, Language, Matter, MediaState, Outcome, PeerRole
from center.services.lawyer import NEXT, To
from center.services.ports import StoredEvent
from tests.fakes.city import FakeCity

KIOSKS = tuple(f"K{number:02}" for number in range(1, 7))
LAWYERS = ("jin", "li", "wang", "piao")
DUTY_OF = {
    State.OFFERED: DutyState.OFFERED,
    State.CONNECTING: DutyState.BUSY,
    State.ACTIVE: DutyState.BUSY,
    State.INTERRUPTED: DutyState.BUSY,
    State.WRAP_UP: DutyState.WRAP_UP,
}
TIMED = QUEUED | {State.CONNECTING, State.INTERRUPTED, State.WRAP_UP}

kiosks = st.sampled_from(KIOSKS)
lawyers = st.sampled_from(LAWYERS)
which = st.integers(min_value=0, max_value=20)


class Day(RuleBasedStateMachine):
    """Every use case in any order, each as likely to be refused as to work."""

    @initialize(early=st.lists(lawyers, unique=True))
    def open(self, early: list[str]) -> None:
        self.loop = asyncio.Runner()
        self.city = FakeCity()
        known = self.city.store.tables.kiosks
        known.update({k: Kiosk(k, "小营镇", k, "0433", (Language.ZH,)) for k in KIOSKS[3:]})
        self.asked: list[str] = []
        self.positions: dict[str, int] = {}
        self.do(self.city.on_duty(*early))

    def do(self, use_case: Coroutine[Any, Any, object]) -> object:
        """Run it, a moment later than the one before; a refusal must have changed nothing."""
        self.city.clock.move_to(self.city.clock.now() + timedelta(milliseconds=1))
        tables = self.city.store.tables
        before = (len(tables.log), dict(tables.consultations), dict(tables.duties))
        try:
            return self.loop.run(use_case)
        except DomainError:
            assert before == (len(tables.log), tables.consultations, tables.duties)
            return None

    def pick(self, number: int, states: Iterable[State] = State) -> Consultation | None:
        rows = self.city.store.tables.consultations.values()
        found = [consultation for consultation in rows if consultation.state in states]
        return found[number % len(found)] if found else None

    @rule(kiosk_id=kiosks, language=st.sampled_from(Language), matter=st.sampled_from(Matter))
    def request(self, kiosk_id: str, language: Language, matter: Matter) -> None:
        ref = f"visit-{len(self.asked)}"
        made = self.do(
            self.city.request(kiosk_id, language=language, matter=matter, client_ref=ref)
        )
        assert isinstance(made, str)
        self.asked.append(made)

    @rule(staff_id=lawyers, state=st.sampled_from(sorted(CHOICES)))
    def go(self, staff_id: str, state: DutyState) -> None:
        self.do(self.city.desk.set(staff_id, state))

    @rule(number=which, yes=st.booleans())
    def answer_the_ring(self, number: int, *, yes: bool) -> None:
        if rings := self.pick(number, [State.OFFERED]):
            answer = self.city.calls.accept if yes else self.city.calls.decline
            self.do(answer(rings.staff_id or "", rings.id))

    @rule(staff_id=lawyers, number=which, named=st.booleans())
    def take(self, staff_id: str, number: int, *, named: bool) -> None:
        found = self.pick(number)
        self.do(self.city.calls.take(staff_id, found.id if found and named else None))

    @rule(number=which, side=st.sampled_from(sorted(BOTH)), state=st.sampled_from(MediaState))
    def report_media(self, number: int, side: PeerRole, state: MediaState) -> None:
        if found := self.pick(number, TALKING):
            who = found.kiosk_id if side is PeerRole.KIOSK else found.staff_id or ""
            self.do(self.city.calls.media(side, who, found.id, state))

    @rule(number=which)
    def connect(self, number: int) -> None:
        if found := self.pick(number, [State.CONNECTING, State.INTERRUPTED]):
            self.do(self.city.media(found.id, MediaState.UP))

    @rule(number=which)
    def resident_goes(self, number: int) -> None:
        if found := self.pick(number):
            self.do(self.city.calls.leave(found.kiosk_id, found.id))

    @rule(number=which)
    def leave_message(self, number: int) -> None:
        if found := self.pick(number):
            self.do(self.city.calls.leave_message(found.kiosk_id, found.id, "?", None))

    @rule(number=which)
    def lawyer_hangs_up(self, number: int) -> None:
        if found := self.pick(number, TALKING):
            self.do(self.city.calls.hang_up_staff(found.staff_id or "", found.id))

    @rule(number=which, outcome=st.sampled_from(Outcome))
    def file(self, number: int, outcome: Outcome) -> None:
        if found := self.pick(number, [State.WRAP_UP, State.CLOSED]):
            self.do(self.city.calls.file(found.staff_id or "", found.id, "n", "a", outcome))

    @rule(
        number=which,
        to=st.just(NEXT) | st.builds(To, lawyers) | st.builds(To, skill=st.sampled_from(Matter)),
    )
    def transfer(self, number: int, to: To) -> None:
        if found := self.pick(number, TALKING):
            self.do(self.city.calls.transfer(found.staff_id or "", found.id, to, "why"))

    @rule(number=which, score=st.integers(min_value=1, max_value=5))
    def rate(self, number: int, score: int) -> None:
        if found := self.pick(number):
            self.do(self.city.calls.rate(found.kiosk_id, found.id, score))

    @rule(kiosk_id=kiosks)
    def revoke(self, kiosk_id: str) -> None:
        self.do(self.city.calls.end_for_revoked(kiosk_id))

    @rule(seconds=st.sampled_from([1, 10, 20, 45, 120, 400]))
    def time_passes(self, seconds: int) -> None:
        self.do(self.city.pass_time(seconds))

    @rule()
    def restart(self) -> None:
        self.city.start()
        self.do(self.city.calls.rearm())

    @invariant()
    def nobody_is_lost(self) -> None:
        rows = self.city.store.tables.consultations
        assert sorted(rows) == sorted(self.asked)

    @invariant()
    def each_state_has_its_one_timer(self) -> None:
        for found in self.city.store.tables.consultations.values():
            assert (found.deadline is not None) == (found.state in TIMED)
            assert self.city.timers.armed.get(found.id) == found.deadline

    @invariant()
    def one_lawyer_has_one_consultation(self) -> None:
        tables = self.city.store.tables
        held = {
            (found.staff_id, found.id, DUTY_OF[found.state])
            for found in tables.consultations.values()
            if found.state in DUTY_OF
        }
        on = [duty for duty in tables.duties.values() if duty.consultation_id is not None]
        assert held == {(duty.staff_id, duty.consultation_id, duty.state) for duty in on}
        assert max(Counter(staff_id for staff_id, _, _ in held).values(), default=1) == 1

    @invariant()
    def the_free_and_the_waiting_never_coexist(self) -> None:
        tables = self.city.store.tables
        people = [OnCall(tables.staff[duty.staff_id], duty) for duty in tables.duties.values()]
        assert match(in_order(tables.consultations.values()), people) == ()

    @invariant()
    def places_are_kept(self) -> None:
        queue = in_order(self.city.store.tables.consultations.values())
        now: dict[str, int] = {}
        for found in queue:
            assert found.head or found.queued_at == found.requested_at
            place = place_of(found, queue)
            assert place is not None
            worse = place.position > self.positions.get(found.id, len(queue))
            assert not worse or place.moved_back is not None
            now[found.id] = place.position
        self.positions = now

    @invariant()
    def the_log_has_no_hole(self) -> None:
        log = self.city.store.tables.log
        assert [entry.seq for entry in log] == list(range(1, len(log) + 1))
        for entries in by_stream(log).values():
            assert [e.version for e in entries] == list(range(1, len(entries) + 1))

    def teardown(self) -> None:
        """At the end of the day the log tells the same story as the rows."""
        tables, rules = self.city.store.tables, self.city.policy.rules
        for stream, entries in by_stream(tables.log).items():
            kind, _, key = stream.partition(":")
            story = [(entry.type, entry.data, entry.at) for entry in entries]
            if kind == "consultation":
                assert replay(story, rules) == replace(tables.consultations[key], slip_code="")
            else:
                assert replay_duty(key, story, rules) == tables.duties[key]
        self.loop.close()


def by_stream(log: list[StoredEvent]) -> dict[str, list[StoredEvent]]:
    streams: dict[str, list[StoredEvent]] = defaultdict(list)
    for entry in log:
        streams[entry.stream].append(entry)
    return streams


TestDay = Day.TestCase
TestDay.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
