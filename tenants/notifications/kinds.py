"""What members are told about. Stored as these codes; labels are message ids."""

from dataclasses import dataclass
from typing import Literal, get_args

from tenants.values.words import N_

Channel = Literal["app", "mail", "bot"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)


@dataclass(frozen=True, slots=True)
class Kind:
    """`channels`: by which a member is told who has chosen nothing. `is_fixed`: nobody chooses; who is concerned is told."""

    label: str
    channels: frozenset[Channel]
    is_fixed: bool = False


def _by(*channels: Channel) -> frozenset[Channel]:
    return frozenset(channels)


KINDS: dict[str, Kind] = {
    "plan.due": Kind(N_("A plan or a promised contact is due"), _by("app", "mail", "bot")),
    "plan.given": Kind(N_("A colleague makes a plan for me"), _by("app", "mail", "bot")),
    "customer.assigned": Kind(N_("A customer is given to me"), _by("app", "mail", "bot")),
    "opportunity.assigned": Kind(N_("An opportunity is given to me"), _by("app", "mail", "bot")),
    "customer.graded": Kind(N_("The grade of a customer of mine changes"), _by("app")),
    "job.done": Kind(N_("A job that I started is done"), _by("app")),
    "job.failed": Kind(N_("A job that I started has failed"), _by("app", "mail")),
    "support.asked": Kind(N_("Zuke support asks to look in"), _by("app", "mail"), is_fixed=True),
    "support.visited": Kind(N_("Zuke support looks in without consent"), _by("app", "mail"), is_fixed=True),
    "digest": Kind(N_("Every morning: what is due, overdue and forgotten"), _by("mail")),
}
CHOOSABLE = {name: kind for name, kind in KINDS.items() if not kind.is_fixed}
