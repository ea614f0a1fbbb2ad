"""Why a touch was refused."""

from kiosk.words import Screen


class NotNowError(Exception):
    """This touch means nothing on this screen; nothing has changed."""

    def __init__(self, screen: Screen, touch: str) -> None:
        super().__init__(f"{touch} on {screen}")
        self.screen = screen
        self.touch = touch
