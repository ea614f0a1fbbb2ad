"""Who is rung for whom."""

from dataclasses import replace
from datetime import timedelta

import pytest

from center.domain import duty
from center.domain import events as ev
from center.domain.consultation import Consultation
from center.domain.matching import OnCall, match, suits
from center.domain.queue import in_order
from center.domain.records import Staff
from center.protocol.words import DutyState, Language, Matter, Role
from tests.unit.center.domain.samples import DUTY_WAY, START, after, duty_after, requested

ZH, KO, EN = Language.ZH, Language.KO, Language.EN


def person(
    staff_id: str,
    *,
    languages: tuple[Language, ...] = (ZH,),
    townships: tuple[str, ...] = (),
    skills: tuple[Matter, ...] = (),
    role: Role = Role.LAWYER,
    state: DutyState = DutyState.AVAILABLE,
) -> OnCall:
    staff = Staff(staff_id, staff_id, "office", role, languages, townships, skills)
    return OnCall(staff, duty_after(*DUTY_WAY[state], staff_id=staff_id))


def free_since(staff_id: str, second: int) -> OnCall:
    busy = (duty.Went(DutyState.AVAILABLE),) * (second + 1)
    present = duty_after(*busy, staff_id=staff_id)
    someone = person(staff_id)
    since = START + timedelta(seconds=second)
    return OnCall(someone.staff, replace(present, since=since))


def rung(people: list[OnCall], *consultations: Consultation) -> list[tuple[str, str]]:
    pairs = match(in_order(consultations), people)
    return [(consultation.id, staff.staff_id) for consultation, staff in pairs]


@pytest.mark.parametrize("state", [s for s in DutyState if s is not DutyState.AVAILABLE])
def test_only_the_free_are_rung(state: DutyState) -> None:
    assert rung([person("jin", state=state)], after(requested())) == []


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMIN])
def test_only_those_who_talk_with_residents_are_rung(role: Role) -> None:
    assert rung([person("zhao", role=role)], after(requested())) == []


def test_a_korean_speaker_gets_a_korean_speaker_first() -> None:
    people = [person("li"), person("jin", languages=(ZH, KO))]
    assert rung(people, after(requested(language=KO))) == [("c1", "jin")]


def test_the_language_binds_until_it_relaxes() -> None:
    people = [person("li")]
    assert rung(people, after(requested(language=KO))) == []
    assert rung(people, after(requested(language=KO), ev.Relaxed())) == [("c1", "li")]


def test_even_relaxed_the_language_is_preferred() -> None:
    people = [person("li", townships=("公园街道",)), person("jin", languages=(KO,))]
    assert rung(people, after(requested(language=KO), ev.Relaxed())) == [("c1", "jin")]


def test_a_lawyer_goes_before_a_mediator() -> None:
    people = [person("a-mediator", role=Role.MEDIATOR), person("lawyer")]
    assert rung(people, after(requested())) == [("c1", "lawyer")]


def test_the_office_of_the_township_goes_first() -> None:
    people = [person("a"), person("b", townships=("公园街道",))]
    assert rung(people, after(requested())) == [("c1", "b")]


def test_the_township_goes_before_the_skill() -> None:
    skilled = person("skilled", skills=(Matter.LABOUR,))
    near = person("near", townships=("公园街道",))
    labour = after(requested(matter=Matter.LABOUR))
    assert rung([skilled, near], labour) == [("c1", "near")]
    assert rung([person("a"), skilled], labour) == [("c1", "skilled")]


def test_the_longest_free_goes_first() -> None:
    assert rung([free_since("a", 5), free_since("b", 2)], after(requested())) == [("c1", "b")]


def test_the_first_in_the_queue_chooses_first() -> None:
    first, second = after(requested("c1")), after(requested("c2"), start=START + timedelta(1))
    people = [person("jin", languages=(ZH, KO)), person("li")]
    assert rung(people, second, first) == [("c1", "jin"), ("c2", "li")]
    assert rung(people[:1], second, first) == [("c1", "jin")]


def test_who_cannot_be_rung_for_does_not_block_the_next() -> None:
    korean = after(requested("c1", language=KO))
    chinese = after(requested("c2"), start=START + timedelta(1))
    assert rung([person("li")], korean, chinese) == [("c2", "li")]


def test_who_declined_is_not_rung_again_at_once() -> None:
    declined = after(requested(), ev.Offered("jin"), ev.Declined())
    assert rung([person("jin")], declined) == []
    assert rung([person("jin"), person("li")], declined) == [("c1", "li")]


def test_the_person_asked_for_is_waited_for_and_then_anybody() -> None:
    wanted = (requested(), ev.Taken("jin"), ev.Transferred("li"))
    assert rung([person("wang")], after(*wanted)) == []
    assert rung([person("wang"), person("li", languages=(KO,))], after(*wanted)) == [("c1", "li")]
    assert rung([person("wang")], after(*wanted, ev.Relaxed())) == [("c1", "wang")]


def test_the_skill_asked_for_is_waited_for_and_then_preferred() -> None:
    wanted = (requested(), ev.Taken("jin"), ev.Transferred(None, Matter.LABOUR))
    near = person("near", townships=("公园街道",), skills=(Matter.OTHER,))
    skilled = person("skilled", skills=(Matter.LABOUR,), role=Role.MEDIATOR)
    assert rung([near], after(*wanted)) == []
    assert rung([near, skilled], after(*wanted)) == [("c1", "skilled")]
    assert rung([near], after(*wanted, ev.Relaxed())) == [("c1", "near")]
    assert rung([near, skilled], after(*wanted, ev.Relaxed())) == [("c1", "skilled")]


def test_a_skill_does_not_outweigh_the_language() -> None:
    wanted = (requested(language=KO), ev.Taken("jin"), ev.Transferred(None, Matter.LABOUR))
    assert rung([person("li", skills=(Matter.LABOUR,))], after(*wanted)) == []


def test_suits_does_not_ask_what_somebody_let_pass() -> None:
    declined = after(requested(), ev.Offered("jin"), ev.Declined())
    assert suits(declined, person("jin").staff)
