"""One line a happening: readable in development, JSON in production; the tenant's key stands on each."""

import logging
import sys
from contextlib import suppress

import structlog
from structlog.typing import EventDict

from tenants.wall.session import NoTenant, current_tenant
from web.config import Settings


def configure(settings: Settings) -> None:
    renderer = structlog.dev.ConsoleRenderer(colors=False) if settings.is_development else structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _tenant,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _tenant(_: object, __: str, event: EventDict) -> EventDict:
    with suppress(NoTenant):
        event["tenant"] = current_tenant().key
    return event
