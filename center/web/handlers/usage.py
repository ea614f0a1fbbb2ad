"""The usage log, its exports and today's figures."""

from collections.abc import Sequence
from datetime import datetime

from aiohttp import web
from pydantic import Field, field_validator

from center import keys
from center.protocol.base import WireModel
from center.protocol.quality import MediationUsagePage
from center.protocol.rest import Summary, UsageDetail, UsageFilter, UsagePage
from center.protocol.words import Language
from center.services.exports import COLUMNS
from center.web.auth import session_of
from center.web.endpoint import Nothing

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Place(WireModel):
    """Which page of the rows."""

    after: str | None = Field(default=None, max_length=120)
    limit: int = Field(default=50, ge=1, le=500)


class UsageQuery(UsageFilter, Place):
    """Exact filters, and which page of the rows."""


class UsageExport(UsageFilter):
    """Exact filters, and what the file looks like."""

    words: Language | None = Field(
        default=None, description="Language of header and words; without it the asker's first."
    )
    columns: str | None = Field(
        default=None, max_length=400, description="Names of row fields with commas between; or all."
    )

    @field_validator("columns")
    @classmethod
    def _known(cls, names: str | None) -> str | None:
        unknown = set(names.split(",") if names else ()) - set(COLUMNS)
        if unknown:
            raise ValueError(f"no such column: {min(unknown)}")
        return names


async def read_usage(request: web.Request, query: UsageQuery) -> UsagePage:
    """The usage log, newest first."""
    return await request.app[keys.REPORTS].usage(_filter(query), query.after, query.limit)


async def read_mediations(request: web.Request, place: Place) -> MediationUsagePage:
    """All mediations, newest first."""
    return await request.app[keys.REPORTS].mediations(place.after, place.limit)


async def export_usage_csv(request: web.Request, query: UsageExport) -> web.StreamResponse:
    """The filtered usage log as CSV (UTF-8 with a byte order mark, which spreadsheets need)."""
    body = await request.app[keys.REPORTS].csv(query, *_look(request, query))
    return _download(request, body, CSV, "csv")


async def export_usage_xlsx(request: web.Request, query: UsageExport) -> web.StreamResponse:
    """The filtered usage log as a workbook."""
    body = await request.app[keys.REPORTS].xlsx(query, *_look(request, query))
    return _download(request, body, XLSX, "xlsx")


async def read_consultation(request: web.Request, _: Nothing) -> UsageDetail:
    """One consultation with its events."""
    return await request.app[keys.REPORTS].detail(request.match_info["consultation_id"])


async def read_summary(request: web.Request, _: Nothing) -> Summary:
    """Today's figures against a normal day."""
    return await request.app[keys.REPORTS].summary(request.app[keys.CLOCK].now())


def _look(request: web.Request, query: UsageExport) -> tuple[Language, Sequence[str]]:
    spoken = session_of(request).staff.languages
    language = query.words or next(iter(spoken), Language.ZH)
    return language, query.columns.split(",") if query.columns else COLUMNS


def _filter(query: UsageQuery) -> UsageFilter:
    return UsageFilter.model_validate(query.model_dump(exclude={"after", "limit"}))


def _download(request: web.Request, body: bytes, kind: str, ending: str) -> web.Response:
    now: datetime = request.app[keys.CLOCK].now()
    name = f"usage-{now:%Y%m%d-%H%M%S}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    charset = "utf-8" if kind == CSV else None
    return web.Response(body=body, content_type=kind, charset=charset, headers=headers)
