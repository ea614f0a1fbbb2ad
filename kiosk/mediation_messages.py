"""What the resident does about a mediation, as the page tells the agent."""

from typing import Literal

from center.protocol.base import WireModel
from center.protocol.mediation import MediationNumber, SeatAct, SeatCode


class JoinMediation(WireModel):
    """Wants to take the seat of this number and code in a mediation."""

    do: Literal["join_mediation"] = "join_mediation"
    number: MediationNumber
    code: SeatCode


class ActInMediation(WireModel):
    """Does something in the mediation: speaks up, confirms a clause, signs, goes."""

    do: Literal["act_in_mediation"] = "act_in_mediation"
    act: SeatAct
