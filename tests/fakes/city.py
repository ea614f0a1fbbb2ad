"""A small city over the fakes: four people who answer, two who do not, three kiosks."""

from dataclasses import replace

from center.domain.consultation import Consultation
from center.domain.duty import Duty
from center.domain.records import Confidence, Kiosk, Staff
from center.protocol.kiosk_wire import ConsultationRequest
from center.protocol.words import (
    DutyState,
    KioskStatus,
    Language,
    Matter,
    MediaState,
    PeerRole,
    Role,
)
from center.services.calls import Calls
from center.services.duty import DutyDesk
from center.services.policy import Policy
from center.services.transactions import Transactions
from center.services.views import Views
from config.settings import CenterSettings
from tests.fakes.outside import CountingCodes, FakeClock, FakeTimers, RecordingBus
from tests.fakes.store import FakeStore

ZH, KO, EN = Language.ZH, Language.KO, Language.EN

STAFF = (
    Staff(
        "jin", "金明淑", "第一律师事务所", Role.LAWYER, (ZH, KO), ("公园街道",), (Matter.FAMILY,)
    ),
    Staff("li", "李建国", "第一律师事务所", Role.LAWYER, (ZH,), ("朝阳川镇",), (Matter.LABOUR,)),
    Staff("wang", "王芳", "第二律师事务所", Role.LAWYER, (ZH, EN)),
    Staff("piao", "朴成哲", "人民调解委员会", Role.MEDIATOR, (ZH, KO)),
    Staff("zhao", "赵丽", "中心", Role.SUPERVISOR),
    Staff("admin", "管理员", "中心", Role.ADMIN),
)
KIOSKS = (
    Kiosk("K01", "公园街道", "公园街道便民大厅", "0433-1000001", (ZH, KO)),
    Kiosk("K02", "朝阳川镇", "朝阳川镇便民大厅", "0433-1000002", (ZH, KO)),
    Kiosk("K03", "小营镇", "小营镇便民大厅", "0433-1000003", (ZH, KO)),
)


class FakeCity:
    """The center's services over fakes, with short ways to say what happens."""

    def __init__(self, settings: CenterSettings | None = None) -> None:
        self.clock = FakeClock()
        self.store = FakeStore()
        self.bus = RecordingBus()
        self.store.tables.staff.update({staff.staff_id: staff for staff in STAFF})
        self.store.tables.kiosks.update({kiosk.kiosk_id: kiosk for kiosk in KIOSKS})
        self.codes = CountingCodes()
        self.policy = Policy.of(settings or CenterSettings())
        self.start()

    def start(self) -> None:
        """Build the services, as a process does at its start: timers are empty."""
        self.timers = FakeTimers(self.clock)
        self.transactions = Transactions(
            self.store.unit, self.clock, self.bus, self.timers, self.policy.rules
        )
        self.calls = Calls(self.transactions, self.codes, self.policy)
        self.desk = DutyDesk(self.transactions)
        self.views = Views(self.store.unit, self.clock, self.policy)
        self.timers.fired = self.calls.timer_fired

    async def on_duty(self, *staff_ids: str) -> None:
        for staff_id in staff_ids:
            await self.desk.set(staff_id, DutyState.AVAILABLE)

    async def request(
        self,
        kiosk_id: str = "K01",
        *,
        language: Language = ZH,
        matter: Matter = Matter.OTHER,
        client_ref: str = "visit-1",
        called_as: str | None = None,
    ) -> str:
        body = ConsultationRequest(
            id=1,
            client_ref=client_ref,
            language=language,
            matter=matter,
            called_as=called_as,
            consent_version="1",
        )
        return await self.calls.request(kiosk_id, body)

    async def talk(self, kiosk_id: str = "K01", staff_id: str = "jin") -> str:
        """A talk with media up on both sides."""
        await self.on_duty(staff_id)
        consultation_id = await self.request(kiosk_id)
        await self.calls.accept(staff_id, consultation_id)
        await self.media(consultation_id, MediaState.UP)
        return consultation_id

    async def media(self, consultation_id: str, state: MediaState) -> None:
        """Both sides report the same."""
        consultation = self.consultation(consultation_id)
        lawyer = consultation.staff_id or ""
        await self.calls.media(PeerRole.KIOSK, consultation.kiosk_id, consultation_id, state)
        await self.calls.media(PeerRole.STAFF, lawyer, consultation_id, state)

    async def pass_time(self, seconds: float) -> None:
        await self.timers.pass_time(seconds)

    def consultation(self, consultation_id: str) -> Consultation:
        return self.store.tables.consultations[consultation_id]

    def duty(self, staff_id: str) -> Duty:
        return self.store.tables.duties[staff_id]

    def said(self, consultation_id: str) -> Confidence:
        return self.store.tables.confidences[consultation_id]

    def types(self, consultation_id: str) -> list[str]:
        """Types of the consultation's events, in order."""
        stream = f"consultation:{consultation_id}"
        return [entry.type for entry in self.store.tables.log if entry.stream == stream]

    def revoke(self, kiosk_id: str) -> None:
        kiosks = self.store.tables.kiosks
        kiosks[kiosk_id] = replace(kiosks[kiosk_id], status=KioskStatus.REVOKED)
