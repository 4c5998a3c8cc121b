"""The tables of this room, gathered."""

from tenants.pipeline.lost_reason import LostReason
from tenants.pipeline.opportunity import Opportunity
from tenants.pipeline.pipeline import Pipeline, Stage
from tenants.pipeline.stage_move import StageMove

__all__ = ["LostReason", "Opportunity", "Pipeline", "Stage", "StageMove"]
