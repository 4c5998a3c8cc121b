"""The tables of this room, gathered."""

from tenants.pipeline.lost_reason import LostReason
from tenants.pipeline.opportunity import Opportunity, StageMove
from tenants.pipeline.pipeline import Pipeline, Stage

__all__ = ["LostReason", "Opportunity", "Pipeline", "Stage", "StageMove"]
