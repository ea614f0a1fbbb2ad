"""The journey and its consultation: what is asked for, and what the news of it shows."""

import pytest

from center.protocol.words import ConsultationState as State
from center.protocol.words import Language, Matter
from config.settings import JourneySettings
from kiosk import touch_messages as touch
from kiosk.journey import NotNowError, Rules, advance
from kiosk.journey import effects as do
from kiosk.journey import events as on
from kiosk.words import NoticeCode, Screen
from tests.unit.kiosk.views import NOON, RULES, after, shown, touched, view
from tests.unit.kiosk.ways import HOME, LAWYER, TO_PAPERS, advanced, on_screen


def test_the_request_says_what_the_resident_said() -> None:
    step = touched(HOME, *TO_PAPERS, touch.CallLawyer())
    assert step.effects == (do.RequestConsultation("v1", Language.KO, Matter.LABOUR, "朴女士"),)


def test_skipped_questions_have_plain_answers() -> None:
    one_language = Rules((Language.ZH,), JourneySettings())
    journey = HOME
    effects: tuple[do.Effect, ...] = ()
    for what in (
        LAWYER,
        touch.ChooseMatter(matter=None),
        touch.GiveName(called_as=None),
        touch.Consent(agreed=True),
        touch.CallLawyer(),
    ):
        step = advance(journey, on.Touched(what, "v1"), NOON, one_language)
        journey, effects = step.journey, step.effects
    assert effects == (do.RequestConsultation("v1", Language.ZH, Matter.OTHER, None),)


def test_refusing_consent_keeps_nothing() -> None:
    step = touched(on_screen(Screen.CONSENT), touch.Consent(agreed=False))
    assert step.journey.visit is None
    assert step.effects == (do.Wipe("v1"),)


def test_a_language_the_hall_does_not_have_is_refused() -> None:
    zh = Rules((Language.ZH,), JourneySettings())
    chosen = on.Touched(touch.ChooseLanguage(language=Language.KO), "v1")
    with pytest.raises(NotNowError):
        advance(HOME, chosen, NOON, zh)


FOLLOWS = {
    State.WAITING: Screen.WAIT,
    State.OFFERED: Screen.WAIT,
    State.CONNECTING: Screen.CALL,
    State.ACTIVE: Screen.CALL,
    State.INTERRUPTED: Screen.INTERRUPTED,
    State.WRAP_UP: Screen.RATE,
    State.CLOSED: Screen.SLIP,
    State.MESSAGE: Screen.SLIP,
    State.LEFT: Screen.HOME,
}
STAYS = {
    (Screen.MESSAGE, State.WAITING),
    (Screen.MESSAGE, State.OFFERED),
    (Screen.CALL_SCAN, State.CONNECTING),
    (Screen.CALL_SCAN, State.ACTIVE),
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize(
    "screen", [Screen.WAIT, Screen.MESSAGE, Screen.CALL, Screen.CALL_SCAN, Screen.INTERRUPTED]
)
def test_the_consultation_decides_the_screen(screen: Screen, state: State) -> None:
    journey = shown(on_screen(screen), state).journey
    assert journey.screen is (screen if (screen, state) in STAYS else FOLLOWS[state])


@pytest.mark.parametrize("state", State)
def test_after_hanging_up_only_the_end_counts(state: State) -> None:
    step = shown(on_screen(Screen.RATE), state)
    ends = {State.MESSAGE: Screen.SLIP, State.LEFT: Screen.HOME}
    assert step.journey.screen is ends.get(state, Screen.RATE)
    if state in {State.CONNECTING, State.ACTIVE, State.INTERRUPTED}:
        assert step.effects == (do.HangUp("c1"),)


def test_a_closed_talk_that_happened_is_rated() -> None:
    closed = on.ConsultationChanged(view(State.CLOSED, talked=True))
    assert advanced(on_screen(Screen.CALL), closed).screen is Screen.RATE


def test_leaving_before_the_center_answered_does_not_hand_the_placeon_screen() -> None:
    asked = touched(HOME, *TO_PAPERS, touch.CallLawyer()).journey
    gone = touched(asked, touch.Finish())
    assert gone.effects == (do.WithdrawRequest("v1"), do.Wipe("v1"))
    second = touched(gone.journey, *TO_PAPERS, touch.CallLawyer()).journey
    stale = advance(second, on.ConsultationChanged(view(State.WAITING, "old")), NOON, RULES)
    assert stale.effects == (do.Leave("old"),)
    assert stale.journey.visit is not None
    assert stale.journey.visit.consultation is None
    mine = advanced(stale.journey, on.ConsultationChanged(view(State.WAITING, "new")))
    assert mine.visit is not None
    assert mine.visit.consultation is not None
    assert mine.visit.consultation.consultation_id == "new"


def test_a_request_that_never_left_is_owed_nothing() -> None:
    gone = touched(touched(HOME, *TO_PAPERS, touch.CallLawyer()).journey, touch.Finish())
    assert advanced(gone.journey, on.RequestWithdrawn()).abandoned == 0


def test_a_consultation_nobody_wants_is_released() -> None:
    assert shown(HOME, State.WAITING).effects == (do.Leave("c1"),)
    assert shown(HOME, State.ACTIVE).effects == (do.HangUp("c1"),)
    assert shown(HOME, State.WAITING, State.LEFT).journey == HOME


def test_a_message_ends_with_the_promise() -> None:
    words = touch.LeaveMessage(text="工资没有发", phone="0433 2512345")
    step = touched(on_screen(Screen.MESSAGE), words)
    assert step.effects == (do.LeaveMessage("v1", "c1", "工资没有发", "0433 2512345"),)
    with pytest.raises(NotNowError):
        touched(step.journey, words)
    refused = advance(step.journey, on.MessageRefused("v1"), NOON, RULES)
    assert refused.effects == (do.Tell(NoticeCode.CENTER_REFUSED),)
    assert touched(refused.journey, words).effects == step.effects
    slip = shown(step.journey, State.MESSAGE).journey.slip
    assert slip is not None
    assert slip.answer_promised_at == after(86_400)


def test_a_refused_request_goes_back_to_the_papers() -> None:
    asked = touched(HOME, *TO_PAPERS, touch.CallLawyer()).journey
    step = advance(asked, on.RequestRefused("v1"), NOON, RULES)
    assert step.journey.screen is Screen.PAPERS
    assert touched(step.journey, touch.CallLawyer()).journey.screen is Screen.WAIT


def test_lookup_answers_and_misses() -> None:
    looking = on_screen(Screen.LOOKUP)
    miss = advance(looking, on.LookupAnswered("v1", None), NOON, RULES)
    assert miss.effects == (do.Tell(NoticeCode.LOOKUP_NOT_FOUND),)
    assert advance(HOME, on.LookupAnswered("v1", None), NOON, RULES).effects == ()
