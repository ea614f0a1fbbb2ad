"""All settings: one frozen, typed tree with a default, a unit and a meaning for each leaf.

Values come, later ones winning, from the defaults below, a TOML file (named by `JIUJIN_CONFIG`) and
environment variables such as `JIUJIN_CENTER__PORT`. Only composition roots (`center.app`,
`kiosk.agent`, command lines) call `load()`; everybody else is handed a section.
"""

import os
import re
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

DEMO_SECRET = "demo-only-not-a-secret"  # noqa: S105 - refused outside the demo


class Section(BaseModel):
    """A branch of the tree; immutable, and a misspelt name is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class TurnServer(Section):
    """One coturn server."""

    urls: tuple[str, ...] = Field(
        min_length=1, description="stun:, turn: or turns: addresses, preferred first."
    )
    secret: SecretStr = Field(min_length=16, description="coturn's static-auth-secret.")
    near: tuple[str, ...] = Field(
        default=(), description="Townships and offices that this server is near to."
    )


class JanusServer(Section):
    """One server of Janus, spoken to by the center alone."""

    url: str = Field(pattern=r"^wss?://", description="Its WebSocket API.")
    secret: SecretStr = Field(min_length=16, description="Janus' api_secret.")
    recordings: Path | None = Field(
        default=None,
        description="Folder it records into, for this server and the center under the same name; "
        "null means that rooms on it cannot be recorded.",
    )


class MediaSettings(Section):
    """How peers reach each other and what the desk looks like on the line."""

    turn: tuple[TurnServer, ...] = Field(default=(), description="Relays; none means direct only.")
    turn_credential_s: int = Field(
        default=600,
        ge=2,
        description="Life of a relay credential, seconds; renewed when half of it is left.",
    )
    turn_servers: int = Field(
        default=3, ge=1, description="Relays that one peer is told of, the nearest ones."
    )
    relay_only: bool = Field(
        default=False, description="Whether all media goes through the relays, never directly."
    )
    janus: tuple[JanusServer, ...] = Field(
        default=(), description="Servers for the larger rooms; none means a mesh of four at most."
    )
    mesh_people: int = Field(
        default=4,
        ge=1,
        le=4,
        description="People up to whom each page connects to each; more go through Janus.",
    )
    room_people: int = Field(
        default=12, ge=4, le=12, description="People in a room that goes through Janus, at most."
    )
    desk_fps: float = Field(default=5.0, gt=0, le=30, description="Live desk pictures a second.")
    desk_width: int = Field(default=1920, ge=320, description="Width of the live desk, pixels.")
    desk_height: int = Field(default=1080, ge=240, description="Height of the live desk, pixels.")

    @model_validator(mode="after")
    def _relays_exist(self) -> Self:
        if self.relay_only and not self.turn:
            raise ValueError("relay_only needs a turn server")
        return self


class QueueSettings(Section):
    """Times of the queue and of a consultation."""

    offer_s: float = Field(default=20.0, gt=0, description="How long an offer rings, seconds.")
    connect_s: float = Field(default=30.0, gt=0, description="Time for media to come up, seconds.")
    grace_s: float = Field(
        default=420.0, gt=0, description="Time an interrupted call is kept, seconds."
    )
    wrap_up_s: float = Field(
        default=600.0, gt=0, description="Time to file after the talk, seconds."
    )
    language_relax_s: float = Field(
        default=60.0,
        ge=0,
        description="Wait after which the language of the talk no longer binds, seconds.",
    )
    escalate_s: float = Field(
        default=300.0, gt=0, description="Wait that alarms the supervisor, seconds."
    )
    missed_to_away: int = Field(default=2, ge=1, description="Missed offers in a row until away.")
    answer_promise_hour: int = Field(
        default=10,
        ge=0,
        le=23,
        description="Local hour of the next working day an answer is promised by.",
    )


class AuthSettings(Section):
    """Sign-in of staff and kiosks."""

    session_hours: float = Field(default=10.0, gt=0, description="Life of a staff session, hours.")
    attempts: int = Field(
        default=5, ge=1, description="Wrong passwords until an account is locked."
    )
    lock_s: float = Field(
        default=300.0, gt=0, description="How long a locked account stays so, seconds."
    )
    enrolment_s: float = Field(
        default=3600.0, gt=0, description="Life of an enrolment code, seconds."
    )
    upload_token_s: float = Field(
        default=600.0, gt=0, description="Life of a kiosk's token, seconds."
    )


class RetentionSettings(Section):
    """How long things are kept; deletion is logged."""

    pages_days: int = Field(default=365, ge=1, description="Scanned pages, days.")
    personal_days: int = Field(
        default=365, ge=1, description="Names, phones, notes and advice, days."
    )
    recordings_days: int = Field(default=180, ge=1, description="Recordings of talks, days.")
    events_days: int = Field(
        default=3650,
        ge=1,
        description="Who took part in a consultation, days; its figures stay for good.",
    )
    unregistered_hours: int = Field(
        default=72, ge=1, description="Uploaded pictures that no page names, hours."
    )


class RecordingSettings(Section):
    """Recording of talks; nothing is recorded unless everybody present has agreed."""

    enabled: bool = Field(default=True, description="Whether staff may ask to record at all.")


class CenterSettings(Section):
    """The mediation center's server."""

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8700, ge=0, le=65535, description="Port; 0 picks a free one.")
    public_origin: str | None = Field(
        default=None,
        description="Origin that browsers use, such as https://center.example; null derives it.",
    )
    data: Path = Field(
        default=Path("var/center"), description="Folder of database, evidence and keys."
    )
    database: str | None = Field(
        default=None,
        description="SQLAlchemy async URL; null means SQLite in the data folder.",
    )
    evidence_key: SecretStr = Field(
        default=SecretStr(DEMO_SECRET),
        description="Secret that evidence files are encrypted under.",
    )
    stamp_url: str | None = Field(
        default=None,
        pattern=r"^https?://",
        description="RFC 3161 time-stamp server for sealed documents; null seals without one.",
    )
    read_pages: bool = Field(
        default=True,
        description="Read pages in the background, so that sealed documents can be searched.",
    )
    cookie_secure: bool = Field(
        default=True,
        description="Session cookie over HTTPS only (browsers count loopback as secure).",
    )
    trusted_proxies: tuple[str, ...] = Field(
        default=(), description="Addresses whose X-Forwarded-* headers are believed."
    )
    outbox_frames: int = Field(
        default=256, ge=8, description="Frames queued for a slow client until cut."
    )
    heartbeat_s: float = Field(
        default=5.0, gt=0, description="Silence after which a socket is probed, s."
    )
    shutdown_s: float = Field(
        default=2.0, ge=0, description="Time open sockets get at shutdown, seconds."
    )
    city: str = Field(default="延吉市", description="Name of the city on screens and documents.")
    number_prefix: str = Field(
        default="YJ", pattern=r"^[A-Z]{2}$", description="Of public numbers."
    )
    timezone: str = Field(
        default="Asia/Shanghai", description="Of days, numbers, promises and opening hours."
    )
    hours: str = Field(
        default="24/7",
        description="When residents are answered, such as Mo-Fr 08:30-11:30,13:30-17:00; "
        "2026 Oct 1-8 off (OpenStreetMap opening_hours).",
    )
    queue: QueueSettings = QueueSettings()
    auth: AuthSettings = AuthSettings()
    retention: RetentionSettings = RetentionSettings()
    recording: RecordingSettings = RecordingSettings()

    @field_validator("hours")
    @classmethod
    def _hours_are_readable(cls, notation: str) -> str:
        # Only a center that sets its hours needs the parser to read its settings.
        from opening_hours import validate  # noqa: PLC0415

        if not validate(notation):
            raise ValueError("not in OpenStreetMap's opening_hours notation")
        return notation


class JourneySettings(Section):
    """Patience of the kiosk's screens."""

    idle_warning_s: float = Field(
        default=60.0, gt=0, description="Untouched time until the screen asks, seconds."
    )
    idle_end_s: float = Field(
        default=20.0, gt=0, description="Time to answer before the wipe, seconds."
    )
    slip_s: float = Field(
        default=20.0, gt=0, description="How long the last screen stays, seconds."
    )
    max_pages: int = Field(default=30, ge=1, le=200, description="Pages of one visit.")


class KioskSettings(Section):
    """One kiosk's agent."""

    center: str = Field(default="http://127.0.0.1:8700", description="Origin of the center.")
    host: str = Field(default="127.0.0.1", description="Loopback address the page is served on.")
    port: int = Field(default=8710, ge=0, le=65535, description="Port; 0 picks a free one.")
    data: Path = Field(
        default=Path("var/kiosk"),
        description="Folder of device key and encrypted spool.",
    )
    camera: str = Field(
        default="auto",
        description="auto, usb:/dev/videoN or usb:VENDOR:PRODUCT:SERIAL, sane:DEVICE, film:PATH, "
        "simulated.",
    )
    spool_limit_mb: int = Field(
        default=2048, ge=16, description="Largest spool on disk, megabytes."
    )
    spool_reserve_mb: int = Field(
        default=200,
        ge=0,
        description="Free disk that the spool leaves alone, megabytes.",
    )
    heartbeat_s: float = Field(default=5.0, gt=0, description="Time between heartbeats, seconds.")
    page_silence_s: float = Field(
        default=8.0,
        gt=0,
        description="Silence of the page until it counts as dead, seconds.",
    )
    backoff_first_s: float = Field(
        default=0.25, gt=0, description="First wait before reconnecting, s."
    )
    backoff_most_s: float = Field(
        default=10.0, gt=0, description="Longest wait before reconnecting, s."
    )
    clock_skew_s: float = Field(
        default=30.0, gt=0, description="Clock difference that is shown, seconds."
    )
    technician_code: SecretStr | None = Field(
        default=None,
        description="6 to 12 digits that open the self-test, where the scanner is shown the empty "
        "desk too: hold the hall's name on the home screen. Without it there is no such door.",
    )
    journey: JourneySettings = JourneySettings()

    @field_validator("technician_code")
    @classmethod
    def _typed_on_number_keys(cls, code: SecretStr | None) -> SecretStr | None:
        if code is not None and not re.fullmatch(r"[0-9]{6,12}", code.get_secret_value()):
            raise ValueError("6 to 12 digits")
        return code


class LogSettings(Section):
    """What is written to standard error."""

    level: str = Field(
        default="INFO",
        pattern=r"^(DEBUG|INFO|WARNING|ERROR)$",
        description="Threshold.",
    )
    json_lines: bool = Field(default=False, description="One JSON object a line instead of text.")


class Settings(BaseSettings):
    """The whole tree."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix="JIUJIN_",
        env_nested_delimiter="__",
        nested_model_default_partial_update=True,
    )

    demo: bool = Field(
        default=False,
        description="Demo mode: seeded city, printed passwords, known secrets.",
    )
    center: CenterSettings = CenterSettings()
    kiosk: KioskSettings = KioskSettings()
    media: MediaSettings = MediaSettings()
    log: LogSettings = LogSettings()

    def require_secrets(self) -> None:
        """Refuse to run a center on the published demo secret.

        Raises:
            PlaceholderSecret: outside demo mode, when a secret still has its default.
        """
        if not self.demo and self.center.evidence_key.get_secret_value() == DEMO_SECRET:
            raise PlaceholderSecret("center.evidence_key")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then environment, then the TOML file."""
        toml = os.environ.get("JIUJIN_CONFIG")
        file = (TomlConfigSettingsSource(settings_cls, Path(toml)),) if toml else ()
        return (init_settings, env_settings, *file)


class PlaceholderSecret(ValueError):
    """A secret still has the value that everybody can read in the sources."""

    def __init__(self, name: str) -> None:
        super().__init__(f"set {name}: the demo's secret is refused outside demo mode")


def load() -> Settings:
    """Read the settings of this process.

    Raises:
        pydantic.ValidationError: a value is out of range or a name unknown.
        FileNotFoundError: `JIUJIN_CONFIG` names no file.
    """
    toml = os.environ.get("JIUJIN_CONFIG")
    if toml and not Path(toml).is_file():
        raise FileNotFoundError(toml)
    return Settings()


def describe(settings: Settings) -> list[tuple[str, str, str, str]]:
    """One row a leaf: dotted name, type, present value (secrets masked), meaning with unit."""
    return list(_leaves(settings, ""))


def _leaves(model: BaseModel, prefix: str) -> list[tuple[str, str, str, str]]:
    rows: list[tuple[str, str, str, str]] = []
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            rows += _leaves(value, f"{prefix}{name}.")
        else:
            kind = getattr(field.annotation, "__name__", None)
            shown = kind if kind and isinstance(field.annotation, type) else str(field.annotation)
            rows.append((f"{prefix}{name}", shown, str(value), field.description or ""))
    return rows
