"""Whatever residents, lawyers, lines and clocks do, these things hold."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from center.protocol.mediation_acts import AnswerRecording, StopRecording
from center.protocol.words import ConsultationState as State
from center.protocol.words import Language, Matter
from kiosk import touch_messages as touch
from kiosk.journey import NotNowError, advance, at_home, due
from kiosk.journey import effects as do
from kiosk.journey import events as on
from kiosk.journey.state import CAMERA_SCREENS
from kiosk.words import LinkState, NoticeCode, Screen
from tests.unit.kiosk.views import NOON, RULES, view

TOUCHES = st.one_of(
    st.builds(touch.Start, intent=st.sampled_from(["lawyer", "scan", "lookup", "mediation"])),
    st.builds(touch.ChooseLanguage, language=st.sampled_from(Language)),
    st.builds(touch.ChooseTalkLanguage, language=st.sampled_from(Language)),
    st.builds(touch.ChooseMatter, matter=st.sampled_from(Matter)),
    st.builds(touch.GiveName, called_as=st.just("朴女士")),
    st.builds(touch.Consent, agreed=st.booleans()),
    st.builds(touch.DropPage, position=st.integers(1, 4)),
    st.builds(touch.LeaveMessage, text=st.sampled_from(["", "工资没有发"])),
    st.builds(touch.Rate, score=st.sampled_from([None, 1, 5])),
    st.sampled_from(
        [
            touch.OpenScan(),
            touch.CaptureNow(),
            touch.ScanDone(),
            touch.CallLawyer(),
            touch.HangUp(),
            AnswerRecording(recording_id="r1", agreed=True),
            StopRecording(recording_id="r1"),
            touch.Back(),
            touch.Finish(),
            touch.StillHere(),
            touch.OpenTechnician(),
            touch.GiveTechnicianCode(code="482913"),
            touch.GiveTechnicianCode(code="000000"),
        ]
    ),
)
ENDINGS = [touch.Finish(), touch.Rate(score=None), touch.Back()]


class Kiosk(RuleBasedStateMachine):
    """A journey whose effects are followed: camera, wipes, captures."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.journey = at_home(self.now, RULES)
        self.camera = False
        self.visits = 0
        self.wiped: set[str] = set()
        self.started: set[str] = set()

    def _happen(self, event: on.Event) -> None:
        before = self.journey
        step = advance(before, event, self.now, RULES)
        self.journey = step.journey
        for effect in step.effects:
            match effect:
                case do.StartCamera():
                    assert not self.camera
                    self.camera = True
                case do.StopCamera():
                    assert self.camera
                    self.camera = False
                case do.Wipe(visit_id):
                    self.wiped.add(visit_id)
        if self.journey.visit is not None:
            self.started.add(self.journey.visit.visit_id)

    def _visit_id(self) -> str:
        return self.journey.visit.visit_id if self.journey.visit else "none"

    @rule(what=TOUCHES)
    def touch(self, what: touch.Touch) -> None:
        self.visits += 1
        before = self.journey
        try:
            self._happen(on.Touched(what, f"v{self.visits}"))
        except NotNowError:
            assert self.journey is before

    @rule(state=st.sampled_from(State), ref=st.sampled_from(["c1", "c2"]))
    def consult(self, state: State, ref: str) -> None:
        self._happen(on.ConsultationChanged(view(state, ref)))

    @rule(state=st.sampled_from(LinkState))
    def link(self, state: LinkState) -> None:
        visit = self.journey.visit
        self._happen(on.LinkChanged(state))
        if state in {LinkState.OFFLINE, LinkState.CONNECTING}:
            assert self.journey.visit == visit

    @rule(name=st.sampled_from("abcd"))
    def capture(self, name: str) -> None:
        self._happen(on.PageSettled())
        self._happen(on.PageCaptured(self._visit_id(), name, ()))

    @rule()
    def fail(self) -> None:
        self._happen(on.CaptureFailed(self._visit_id(), NoticeCode.CAPTURE_FAILED))

    @rule(name=st.sampled_from("abcd"))
    def send(self, name: str) -> None:
        self._happen(on.PageSent(self._visit_id(), name))

    @rule()
    def refuse(self) -> None:
        self._happen(on.RequestRefused(self._visit_id()))
        self._happen(on.MessageRefused(self._visit_id()))

    @rule(seconds=st.integers(0, 120))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        self._happen(on.Tick())

    @rule()
    def verify(self) -> None:
        for visit_id in self.journey.wiping:
            self._happen(on.WipeVerified(visit_id))

    @rule()
    def restart(self) -> None:
        self.camera = False
        self._happen(on.Restored())

    @invariant()
    def nothing_personal_at_home(self) -> None:
        if self.journey.screen in {Screen.HOME, Screen.OUT_OF_SERVICE}:
            assert self.journey.visit is None
            assert self.journey.slip is None

    @invariant()
    def camera_is_on_exactly_where_papers_are_shown(self) -> None:
        assert self.camera == (self.journey.screen in CAMERA_SCREENS)

    @invariant()
    def every_visit_but_this_one_is_wiped(self) -> None:
        assert self.started - self.wiped <= {self._visit_id()}

    @invariant()
    def pages_keep_their_numbers(self) -> None:
        if self.journey.visit is not None:
            positions = [page.position for page in self.journey.visit.pages]
            assert positions == sorted(set(positions))

    def teardown(self) -> None:
        """Every screen finds home: by finishing, by time, or when it is accepted again."""
        if self.journey.screen is Screen.OUT_OF_SERVICE:
            self._happen(on.LinkChanged(LinkState.ONLINE))
        for _ in range(3):
            if self.journey.screen is not Screen.HOME:
                self._happen(on.Touched(touch.Finish(), "last"))
        assert self.journey.screen is Screen.HOME
        moment = due(self.journey, RULES)
        assert moment is None or self.journey.language is not RULES.home_language


Kiosk.TestCase.settings = settings(max_examples=120, stateful_step_count=40, deadline=None)
TestKiosk = Kiosk.TestCase
