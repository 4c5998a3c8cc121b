"""The first steps of a new company, ticked off by what really happened; whoever may arrange the company sees them until they are put away."""

from dataclasses import dataclass

from flask_babel import gettext

from web.ui.links import way
from web.visit import here


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    url: str | None
    done: bool


@dataclass(frozen=True, slots=True)
class FirstSteps:
    steps: tuple[Step, ...]
    has_sample: bool
    sample_url: str | None
    sample_removal_url: str | None

    @property
    def done(self) -> int:
        return sum(step.done for step in self.steps)

    @property
    def all(self) -> int:
        return len(self.steps)


def first_steps(happened: dict[str, bool]) -> FirstSteps | None:
    """`happened` comes with the brief: "company", "colleague", "customer", "followup", "opportunity", "sample" and "dismissed"."""
    if happened["dismissed"] or not here().actor.may("settings.company"):
        return None
    steps = (
        Step(gettext("Complete the company's profile"), way("settings.company"), happened["company"]),
        Step(gettext("Invite a colleague"), way("team.invite"), happened["colleague"]),
        Step(gettext("Enter the first customer"), way("customers.new"), happened["customer"]),
        Step(gettext("Write the first follow-up"), way("customers.index"), happened["followup"]),
        Step(gettext("Open the first opportunity"), way("opportunities.create"), happened["opportunity"]),
    )
    return FirstSteps(steps, happened["sample"], way("sample.furnishing"), way("sample.removal"))
