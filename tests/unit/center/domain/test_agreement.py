"""Every clause confirmed, a fresh signature each, sealed when all signed; new words, new yes."""

import pytest

from center.domain import mediation_events as ev
from center.domain.errors import Conflict, IllegalTransition
from center.domain.mediation_transitions import advance
from center.protocol.words import Protection
from tests.unit.center.domain.mediations import FOUR, NOW, after, agreed, invited

PROPOSED = after(ev.Proposed(1, 2, "d"), start=FOUR)


def test_who_has_not_confirmed_every_clause_does_not_sign() -> None:
    half = after(ev.Confirmed("a", 1, 1), start=PROPOSED)
    with pytest.raises(IllegalTransition):
        advance(half, ev.Signed("a", 1, "s1"), NOW)
    whole = after(ev.Confirmed("a", 1, 2), ev.Signed("a", 1, "s1"), start=half)
    assert whole.agreement.signed_by("a")


def test_an_objection_takes_the_confirmation_back() -> None:
    doubt = after(ev.Objected("a", 1, 2), start=agreed())
    assert not doubt.agreement.confirmed_by("a")
    assert doubt.agreement.confirmed_by("b")
    with pytest.raises(IllegalTransition):
        advance(doubt, ev.Signed("a", 1, "s1"), NOW)


def test_the_strokes_of_one_signer_are_never_anothers() -> None:
    one = after(ev.Signed("a", 1, "s1"), start=agreed())
    with pytest.raises(Conflict):
        advance(one, ev.Signed("b", 1, "s1"), NOW)


def test_nor_those_of_an_edition_before() -> None:
    signed = after(ev.Signed("a", 1, "s1"), ev.Withdrawn(), start=agreed())
    again = agreed(signed)
    assert again.agreement.edition == 2
    assert not again.agreement.signatures
    with pytest.raises(Conflict):
        advance(again, ev.Signed("a", 2, "s1"), NOW)


def test_new_words_need_a_new_yes_and_a_late_one_means_nothing() -> None:
    anew = after(ev.Proposed(2, 3, "e"), start=agreed())
    assert not anew.agreement.marks
    for late in (ev.Confirmed("a", 1, 1), ev.Signed("a", 1, "s1")):
        with pytest.raises(IllegalTransition):
            advance(anew, late, NOW)


def test_a_signer_is_photographed_once_after_signing() -> None:
    with pytest.raises(IllegalTransition):
        advance(agreed(), ev.Photographed("a", 1, "p1"), NOW)
    signed = after(ev.Signed("a", 1, "s1"), ev.Photographed("a", 1, "p1"), start=agreed())
    assert [(p.seat_id, p.sha256) for p in signed.agreement.photos] == [("a", "p1")]
    for late in (ev.PhotoRefused("a", 1), ev.Photographed("a", 1, "p2")):
        with pytest.raises(IllegalTransition):
            advance(signed, late, NOW)


def test_a_refusal_is_kept_as_one_and_sealing_waits_for_no_answer() -> None:
    refused = after(
        ev.Signed("a", 1, "s1"), ev.PhotoRefused("a", 1), ev.Signed("b", 1, "s2"), start=agreed()
    )
    assert [(p.seat_id, p.sha256) for p in refused.agreement.photos] == [("a", None)]
    sealed = after(ev.Sealed("0"), start=refused)
    with pytest.raises(IllegalTransition):
        advance(sealed, ev.Photographed("b", 1, "p1"), NOW)


def test_the_picture_of_one_signer_is_never_anothers() -> None:
    one = after(ev.Signed("a", 1, "s1"), ev.Photographed("a", 1, "p1"), start=agreed())
    two = after(ev.Signed("b", 1, "s2"), start=one)
    with pytest.raises(Conflict):
        advance(two, ev.Photographed("b", 1, "p1"), NOW)
    again = after(ev.Signed("a", 2, "s3"), start=agreed(after(ev.Withdrawn(), start=one)))
    assert again.agreement.photos == ()
    with pytest.raises(Conflict):
        advance(again, ev.Photographed("a", 2, "p1"), NOW)


def test_who_is_hidden_from_the_others_is_not_photographed() -> None:
    hidden = ev.ProtectionSet("a", Protection.SEEN_BY_MEDIATOR)
    signed = after(ev.Signed("a", 1, "s1"), hidden, start=agreed())
    with pytest.raises(IllegalTransition):
        advance(signed, ev.Photographed("a", 1, "p1"), NOW)
    assert after(ev.PhotoRefused("a", 1), start=signed).agreement.photos[0].sha256 is None


def test_it_is_sealed_when_every_party_has_signed_and_not_before() -> None:
    one = after(ev.Signed("a", 1, "s1"), start=agreed())
    with pytest.raises(IllegalTransition):
        advance(one, ev.Sealed("0"), NOW)
    both = after(ev.Signed("b", 1, "s2"), ev.Sealed("0"), start=one)
    assert both.agreement.sealed_sha256 == "0"
    for late in (ev.Withdrawn(), ev.Proposed(2, 1, "e"), ev.Objected("a", 1, 1), ev.Sealed("1")):
        with pytest.raises(IllegalTransition):
            advance(both, late, NOW)


@pytest.mark.parametrize(
    "event",
    [
        ev.Confirmed("i", 1, 1),
        ev.Confirmed("mediator", 1, 1),
        ev.Confirmed("a", 1, 3),
        ev.Confirmed("a", 1, 0),
        ev.Proposed(1, 2, "d"),
        ev.Proposed(2, 0, "d"),
        invited("c"),
    ],
    ids=repr,
)
def test_what_does_not_belong_is_refused(event: ev.Event) -> None:
    with pytest.raises(IllegalTransition):
        advance(PROPOSED, event, NOW)


def test_who_is_not_in_the_room_signs_nothing() -> None:
    away = after(ev.Parted("a"), start=agreed())
    with pytest.raises(IllegalTransition):
        advance(away, ev.Signed("a", 1, "s1"), NOW)
