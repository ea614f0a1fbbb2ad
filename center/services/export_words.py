"""Words of the exported usage log; what is not Chinese is English."""

from collections.abc import Mapping
from enum import StrEnum

from center.protocol.words import ConsultationState, EndCause, Language, Matter, Outcome, Urgency

_HEADERS_ZH = {
    "requested_at": "申请时间",
    "number": "编号",
    "state": "状态",
    "kiosk_id": "自助机",
    "township": "乡镇街道",
    "hall": "网点",
    "language": "语言",
    "matter": "事项",
    "urgency": "紧急程度",
    "lawyer": "接待人",
    "wait_s": "等待（秒）",
    "talk_s": "通话（秒）",
    "offers": "呼叫次数",
    "pages": "材料页数",
    "outcome": "办理结果",
    "cause": "结束原因",
    "rating": "满意度",
    "mos": "通话质量 MOS（中位）",
    "worst_mos": "通话质量 MOS（最低）",
    "loss_percent": "丢包（%）",
    "round_trip_ms": "往返时延（毫秒）",
    "freezes": "画面卡顿次数",
    "weak_percent": "线路差的时间（%）",
}
_HEADERS_EN = {
    "requested_at": "Requested at",
    "number": "Number",
    "state": "State",
    "kiosk_id": "Kiosk",
    "township": "Township",
    "hall": "Hall",
    "language": "Language",
    "matter": "Matter",
    "urgency": "Urgency",
    "lawyer": "Answered by",
    "wait_s": "Wait (s)",
    "talk_s": "Talk (s)",
    "offers": "Offers",
    "pages": "Pages",
    "outcome": "Outcome",
    "cause": "Ended by",
    "rating": "Rating",
    "mos": "Sound, MOS (median)",
    "worst_mos": "Sound, MOS (worst)",
    "loss_percent": "Loss (%)",
    "round_trip_ms": "Round trip (ms)",
    "freezes": "Freezes",
    "weak_percent": "Weak line (% of time)",
}
_WORDS_ZH = {
    "state.waiting": "等候中",
    "state.offered": "呼叫中",
    "state.connecting": "接通中",
    "state.active": "通话中",
    "state.interrupted": "中断",
    "state.wrap_up": "整理中",
    "state.closed": "已办结",
    "state.left": "已离开",
    "state.message": "已留言",
    "language.zh": "汉语",
    "language.ko": "朝鲜语",
    "language.en": "英语",
    "matter.family": "婚姻家庭",
    "matter.neighbours": "邻里纠纷",
    "matter.labour": "劳动工资",
    "matter.debt": "借贷债务",
    "matter.property": "房屋土地",
    "matter.traffic": "交通事故",
    "matter.consumer": "消费维权",
    "matter.other": "其他",
    "urgency.normal": "一般",
    "urgency.urgent": "紧急",
    "outcome.advice": "解答咨询",
    "outcome.legal_aid": "法律援助",
    "outcome.mediation": "人民调解",
    "outcome.arbitration": "仲裁",
    "outcome.notary": "公证",
    "outcome.court": "诉讼",
    "outcome.police": "公安",
    "outcome.petition": "信访",
    "outcome.follow_up": "待跟进",
    "cause.resident_hung_up": "群众挂断",
    "cause.staff_hung_up": "接待人挂断",
    "cause.lost": "线路中断",
    "cause.kiosk_revoked": "自助机停用",
}
_VOCABULARY: dict[str, type[StrEnum]] = {
    "state": ConsultationState,
    "language": Language,
    "matter": Matter,
    "urgency": Urgency,
    "outcome": Outcome,
    "cause": EndCause,
}


def _english() -> dict[str, str]:
    """The vocabulary is English already."""
    names = {Language.ZH: "Chinese", Language.KO: "Korean", Language.EN: "English"}
    plain = {
        f"{name}.{word}": word.value.replace("_", " ").capitalize()
        for name, words in _VOCABULARY.items()
        for word in words
    }
    return plain | {f"language.{word}": name for word, name in names.items()}


HEADERS: Mapping[Language, Mapping[str, str]] = {
    Language.ZH: _HEADERS_ZH,
    Language.EN: _HEADERS_EN,
    Language.KO: _HEADERS_EN,
}
WORDS: Mapping[Language, Mapping[str, str]] = {
    Language.ZH: _WORDS_ZH,
    Language.EN: _english(),
    Language.KO: _english(),
}
