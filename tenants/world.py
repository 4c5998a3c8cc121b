"""Every table of a tenant, gathered: importing this module fills `Base.metadata`."""

from tenants.customers.attachment import Attachment
from tenants.customers.contact import Contact
from tenants.customers.customer import Collaborator, Customer, Evaluation, Watch
from tenants.customers.tag import CustomerTag, Tag
from tenants.followups.models import Followup, Plan
from tenants.imports.models import Import, ImportRow
from tenants.jobs.models import Job, JobFile
from tenants.notifications.models import Notification
from tenants.pipeline.models import LostReason, Opportunity, Pipeline, Stage, StageMove
from tenants.scoring.models import Score
from tenants.team.models import Member, Role, Team, Territory, TerritoryMember
from tenants.timeline.models import Event
from tenants.wall.base import Base
from tenants.wall.models import Outbox
from tenants.workspace.models import Counter, SavedView, Setting

__all__ = [
    "Attachment",
    "Base",
    "Collaborator",
    "Contact",
    "Counter",
    "Customer",
    "CustomerTag",
    "Evaluation",
    "Event",
    "Followup",
    "Import",
    "ImportRow",
    "Job",
    "JobFile",
    "LostReason",
    "Member",
    "Notification",
    "Opportunity",
    "Outbox",
    "Pipeline",
    "Plan",
    "Role",
    "SavedView",
    "Score",
    "Setting",
    "Stage",
    "StageMove",
    "Tag",
    "Team",
    "Territory",
    "TerritoryMember",
    "Watch",
]
