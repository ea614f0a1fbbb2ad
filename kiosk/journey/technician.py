"""The technician's way to the self-test: from an untouched kiosk only, and by a code.

    home ─ the hall's name is held ─► technician ─ the right code ─► self_test
                                          └──────── they go, or time ────┴─► home

The cameras open while the code is typed, so that the test need not wait for them. There is no
visit here, so nothing of a resident is at stake, and a visit never leads here. Codes are not
guessed: after a few wrong ones even the right one waits.
"""

from dataclasses import replace
from datetime import timedelta
from hmac import compare_digest

from kiosk import touch_messages as touch
from kiosk.journey.effects import Step, Tell
from kiosk.journey.endings import Scene, go_home
from kiosk.journey.errors import NotNowError
from kiosk.words import NoticeCode, Screen

TRIES = 5
REST = timedelta(minutes=10)


def open_door(scene: Scene, what: touch.OpenTechnician) -> Step:
    """Ask for the code.

    Raises:
        NotNowError: this kiosk has none, and so no such door.
    """
    if scene.rules.technician_code is None:
        raise NotNowError(scene.journey.screen, what.do)
    return Step(replace(scene.journey, screen=Screen.TECHNICIAN))


def give_code(scene: Scene, what: touch.GiveTechnicianCode) -> Step:
    """In with the right code; a wrong one is remembered for as long as codes rest."""
    wrong = tuple(at for at in scene.journey.wrong_codes if at > scene.now - REST)
    resting = len(wrong) >= TRIES
    if not resting and compare_digest(what.code, scene.rules.technician_code or ""):
        return Step(replace(scene.journey, screen=Screen.SELF_TEST, wrong_codes=()))
    if not resting:
        wrong = (*wrong, scene.now)
    told = Tell(NoticeCode.TECHNICIAN_CODE)
    return Step(replace(scene.journey, wrong_codes=wrong), (told,))


def leave(scene: Scene, _: touch.Finish) -> Step:
    """Done; the kiosk is the residents' again."""
    return go_home(scene)
