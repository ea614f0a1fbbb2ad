"""Pages of a visit: taken by touch, by lying still, or because the lawyer asks; sent, refused."""

from dataclasses import replace

from kiosk.journey import events
from kiosk.journey.effects import CapturePage, Step, Tell
from kiosk.journey.endings import Scene
from kiosk.journey.errors import NotNowError
from kiosk.journey.state import SCAN_SCREENS, TALK_SCREENS, TakenPage
from kiosk.words import NoticeCode


def capture(scene: Scene) -> Step:
    """Take a page, one at a time.

    Raises:
        NotNowError: one is being taken, or the visit has all the pages it may have.
    """
    visit = scene.visit
    if visit.capturing or len(visit.pages) >= scene.rules.patience.max_pages:
        raise NotNowError(scene.journey.screen, "capture_now")
    return scene.stay(CapturePage(visit.visit_id), capturing=True)


def settled(scene: Scene, _: events.PageSettled) -> Step:
    """The page lies still: it takes itself, on the screens that are for laying papers down."""
    if scene.journey.screen not in SCAN_SCREENS:
        return Step(scene.journey)
    return _capture_if_possible(scene)


def asked(scene: Scene, event: events.CaptureAsked) -> Step:
    """The lawyer may ask during the talk, about the consultation of this visit."""
    visit = scene.journey.visit
    view = visit.consultation if visit else None
    mine = view is not None and view.consultation_id == event.consultation_id
    if not mine or scene.journey.screen not in TALK_SCREENS:
        return Step(scene.journey)
    return _capture_if_possible(scene)


def captured(scene: Scene, event: events.PageCaptured) -> Step:
    """A page joins the visit; the very same picture twice is one page."""
    visit = scene.visit
    scene = replace(scene, journey=replace(scene.journey, touched_at=scene.now))
    if any(page.sha256 == event.sha256 for page in visit.pages):
        return scene.stay(capturing=False)
    page = TakenPage(visit.taken + 1, event.sha256, event.verdict)
    return scene.stay(capturing=False, taken=page.position, pages=(*visit.pages, page))


def failed(scene: Scene, event: events.CaptureFailed) -> Step:
    """No page came of it, and the resident is told why."""
    return scene.stay(Tell(event.code), capturing=False)


def sent(scene: Scene, event: events.PageSent) -> Step:
    """The lawyer has the page."""
    pages = tuple(
        replace(page, sent=True) if page.sha256 == event.sha256 else page
        for page in scene.visit.pages
    )
    return scene.stay(pages=pages)


def refused(scene: Scene, event: events.PageRefused) -> Step:
    """The page is taken off the strip, to be laid down again."""
    kept = tuple(page for page in scene.visit.pages if page.sha256 != event.sha256)
    return scene.stay(Tell(NoticeCode.PAGE_REFUSED), pages=kept)


def _capture_if_possible(scene: Scene) -> Step:
    try:
        return capture(scene)
    except NotNowError:
        return Step(scene.journey)
