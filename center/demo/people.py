"""Halls and staff of the demo city. Telephone numbers end in 0000xxx, which nobody has."""

from pydantic import SecretStr

from center.protocol.rest import KioskCreate, StaffCreate
from center.protocol.words import Language, Matter, Role

DEMO_PASSWORD = "jiujin-demo"  # noqa: S105 - printed on purpose; demo mode only

ZH, KO, EN = Language.ZH, Language.KO, Language.EN

_HALLS = (
    ("公园街道", "公园街道公共法律服务工作站"),
    ("河南街道", "河南街道公共法律服务工作站"),
    ("建工街道", "建工街道公共法律服务工作站"),
    ("新兴街道", "新兴街道公共法律服务工作站"),
    ("进学街道", "进学街道公共法律服务工作站"),
    ("北山街道", "北山街道公共法律服务工作站"),
    ("依兰镇", "依兰镇便民服务大厅"),
    ("三道湾镇", "三道湾镇便民服务大厅"),
    ("小营镇", "小营镇便民服务大厅"),
    ("朝阳川镇", "朝阳川镇便民服务大厅"),
    ("市信访局", "市信访局接待大厅"),
    ("人民调解中心", "人民调解中心接待大厅"),
)

KIOSKS = tuple(
    KioskCreate(
        kiosk_id=f"K{number:02d}",
        township=township,
        hall=hall,
        hall_phone=f"0433-00001{number:02d}",
        languages=(ZH, KO, EN),
    )
    for number, (township, hall) in enumerate(_HALLS, start=1)
)


def _member(  # noqa: PLR0913, PLR0917 - one row of the table below
    username: str,
    name: str,
    role: Role,
    office: str,
    languages: tuple[Language, ...] = (ZH,),
    townships: tuple[str, ...] = (),
    skills: tuple[Matter, ...] = (),
) -> StaffCreate:
    return StaffCreate(
        username=username,
        password=SecretStr(DEMO_PASSWORD),
        name=name,
        office=office,
        role=role,
        languages=languages,
        townships=townships,
        skills=skills,
    )


STAFF = (
    _member("jin", "金明淑", Role.LAWYER, "市公共法律服务中心", (ZH, KO),
            ("公园街道", "依兰镇"), (Matter.FAMILY, Matter.PROPERTY)),
    _member("li", "李建国", Role.LAWYER, "市公共法律服务中心", (ZH,),
            ("河南街道", "朝阳川镇"), (Matter.LABOUR, Matter.DEBT)),
    _member("wang", "王芳", Role.LAWYER, "市法律援助中心", (ZH, EN),
            ("建工街道", "新兴街道"), (Matter.TRAFFIC, Matter.CONSUMER)),
    _member("piao", "朴成哲", Role.MEDIATOR, "市人民调解中心", (ZH, KO),
            ("三道湾镇", "小营镇"), (Matter.NEIGHBOURS, Matter.FAMILY)),
    _member("zhao", "赵丽", Role.SUPERVISOR, "市公共法律服务中心"),
    _member("admin", "管理员", Role.ADMIN, "市司法局"),
)  # fmt: skip
