"""Every key under which the application and its requests hold something."""

from collections.abc import Mapping

from aiohttp import web

from center.realtime.hub import Hub
from center.services.agreements import Agreements
from center.services.arrivals import Arrivals
from center.services.audit import Audit
from center.services.calls import Calls
from center.services.evidence import Evidence
from center.services.fleet import Fleet
from center.services.identity import Identity
from center.services.lookup import Lookups
from center.services.mediation_views import MediationViews
from center.services.mediations import Mediations
from center.services.playback import Playback
from center.services.ports import Clock
from center.services.quality import QualityLog
from center.services.reports import Reports
from center.services.views import Views
from center.web.endpoint import AnyEndpoint, Identified
from config.settings import Settings

SETTINGS = web.AppKey("SETTINGS", Settings)
CLOCK = web.AppKey("CLOCK", Clock)
ENDPOINTS = web.AppKey("ENDPOINTS", Mapping[web.AbstractRoute, AnyEndpoint])
CALLS = web.AppKey("CALLS", Calls)
AGREEMENTS = web.AppKey("AGREEMENTS", Agreements)
MEDIATIONS = web.AppKey("MEDIATIONS", Mediations)
MEDIATION_VIEWS = web.AppKey("MEDIATION_VIEWS", MediationViews)
VIEWS = web.AppKey("VIEWS", Views)
IDENTITY = web.AppKey("IDENTITY", Identity)
FLEET = web.AppKey("FLEET", Fleet)
EVIDENCE = web.AppKey("EVIDENCE", Evidence)
ARRIVALS = web.AppKey("ARRIVALS", Arrivals)
REPORTS = web.AppKey("REPORTS", Reports)
PLAYBACK = web.AppKey("PLAYBACK", Playback)
QUALITY = web.AppKey("QUALITY", QualityLog)
LOOKUPS = web.AppKey("LOOKUPS", Lookups)
AUDIT = web.AppKey("AUDIT", Audit)
HUB = web.AppKey("HUB", Hub)

WHO = web.RequestKey("WHO", Identified)
PICTURE = web.RequestKey("PICTURE", bytes)
