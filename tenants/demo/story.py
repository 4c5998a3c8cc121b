"""The talks with a customer, told from its plot: follow-ups that lead to one another, the open plan, the opportunity's way through the stages."""

import datetime as dt
from decimal import Decimal
from random import Random
from typing import Any

from tenants.demo.hours import REACH, Hours
from tenants.demo.plots import PHASES, Plot
from tenants.demo.sample import SampleCustomer, SampleFollowup, SampleOpportunity, SamplePlan
from tenants.demo.vocabulary import Industry, Place, Product, Scene, Vocabulary
from tenants.values import money

# Days from now in which an open opportunity should close, by stage.
CLOSES_IN = ((30, 110), (20, 80), (10, 50), (4, 30), (-4, 14))
TALKING = ("potential", "prospective", "regular", "vip")


class Teller:
    def __init__(self, vocabulary: Vocabulary, hours: Hours, rng: Random) -> None:
        self.words, self.hours, self.rng = vocabulary, hours, rng
        self.mates = {colleague.key: colleague.name for colleague in vocabulary.colleagues if colleague.sells}

    def tell(self, customer: SampleCustomer, industry: Industry, place: Place, plot: Plot) -> None:
        product = self.words.products[self.rng.choice(industry.buys)]
        count, price, amount = self._order(product)
        said = {
            "makes": customer.business,
            "rival": customer.rivals or industry.rivals[0],
            "product": product.name,
            "use": product.use,
            "street": self.rng.choice(place.streets),
            "qty": self.words.quantity.format(count=count, unit=product.unit),
            "price": self.words.price.format(price=price, unit=product.unit),
            "amount": self.words.amount.format(short=money.short(amount, chinese=self.words.chats), full=f"{amount:,.0f}"),
            "mate": self.rng.choice([name for key, name in self.mates.items() if key != customer.colleague]),
            "short": customer.short_name,
            "year": self.hours.now.year,
        }
        self._follow_up(customer, plot, said)
        if customer.followups:
            customer.created_at = customer.followups[0].at - dt.timedelta(minutes=self.rng.randrange(8, 50))
        customer.status_since = customer.created_at
        if plot.outcome:
            customer.opportunity = self._opportunity(customer, plot, amount, said)
            customer.status_since = customer.opportunity.closed_at or customer.opportunity.entered[-1]
        if customer.followups and customer.followups[-1].is_planned:
            customer.plan = self._plan(customer, said)

    def _order(self, product: Product) -> tuple[int, float, Decimal]:
        """How many, at which price, for how much in all."""
        low, high = product.quantity
        raw = low * (high / low) ** self.rng.random()
        step = 10 ** max(len(str(int(raw))) - 2, 0)
        count = max(int(raw / step) * step, low) * self.rng.choices((1, 3, 5), (85, 10, 5))[0]
        price = round(self.rng.uniform(*product.price), 1 if product.price[1] < 100 else 0)
        return count, price, money.exact(Decimal(str(price)) * count)

    def _follow_up(self, customer: SampleCustomer, plot: Plot, said: dict[str, Any]) -> None:
        scenes = self._scenes(plot.phases)
        kept = [(phase, scene, back) for (phase, scene), back in zip(scenes, self._days_back(scenes, plot), strict=True) if 0 <= back < REACH - 10]
        moments = sorted(self.hours.back(back, self.rng) for _, _, back in kept)
        planned = self._plan_due(customer, moments[-1]) if moments else None
        dues = [*moments[1:], planned or self.hours.after(moments[-1], self.rng.randint(*kept[-1][1].again), self.rng)] if moments else []
        for number, ((phase, scene, _), at, due) in enumerate(zip(kept, moments, dues, strict=True)):
            followup = self._followup(customer, (phase, scene), at, _half_hour(due), said)
            if number and self.rng.random() < 0.25:
                followup.planned_at = moments[number - 1]
                followup.plan = self._wording(customer, phase, followup.contact, said)
            customer.followups.append(followup)
        if customer.followups:
            self._end(customer.followups[-1], planned)

    def _end(self, last: SampleFollowup, planned: dt.datetime | None) -> None:
        last.is_planned = planned is not None
        if not planned and (last.phase in ("quiet", "lost") or not self._is_near(last.next_contact_at)):
            last.next_contact_at = None

    def _scenes(self, phases: tuple[str, ...]) -> list[tuple[str, Scene]]:
        """A scene for each, without repeating one while others are left."""
        left: dict[str, list[Scene]] = {}
        scenes = []
        for phase in phases:
            if not left.get(phase):
                left[phase] = self.rng.sample(self.words.scenes[phase], len(self.words.scenes[phase]))
            scenes.append((phase, left[phase].pop()))
        return scenes

    def _days_back(self, scenes: list[tuple[str, Scene]], plot: Plot) -> list[int]:
        """Each talk comes when the one before had said; the anchor stands where the plot wants it."""
        days, passed = [], 0
        for _, scene in scenes:
            days.append(-passed)
            passed += self.rng.randint(*scene.again)
        return [day - days[plot.anchor] + plot.back for day in days] if days else []

    def _followup(self, customer: SampleCustomer, beat: tuple[str, Scene], at: dt.datetime, due: dt.datetime, said: dict[str, Any]) -> SampleFollowup:
        phase, scene = beat
        number = self.rng.randrange(len(customer.contacts)) if self.rng.random() < 0.3 else 0
        person = self._person(customer, number)
        return SampleFollowup(
            at=at,
            phase=phase,
            means=scene.means,
            content=scene.content.format(next=self.when(due, at), **person, **said),
            result=scene.result and scene.result.format(**person),
            next_contact_at=due,
            contact=number,
            colleague="support" if phase == "serve" and self.rng.random() < 0.2 else customer.colleague or "boss",
            for_deal=phase not in ("serve", "quiet"),
        )

    def _person(self, customer: SampleCustomer, number: int) -> dict[str, str]:
        contact = customer.contacts[number]
        return {
            "who": contact.address,
            "chief": contact.chief,
            "Chief": contact.chief[:1].upper() + contact.chief[1:],
            **self.words.pronouns[contact.sex],
        }

    def _opportunity(self, customer: SampleCustomer, plot: Plot, amount: Decimal, said: dict[str, Any]) -> SampleOpportunity:
        rng, now = self.rng, self.hours.now
        reached = [phase for phase in PHASES if phase in plot.phases]
        first = {phase: next((f.at for f in customer.followups if f.phase == phase), customer.created_at) for phase in reached}
        ending = next((f.at for f in customer.followups if f.phase == plot.outcome), None) or customer.followups[-1].at
        closed_at = None if plot.outcome == "open" else ending
        expected = (closed_at or now).date() + dt.timedelta(
            days=rng.randint(*CLOSES_IN[len(reached) - 1]) if closed_at is None else rng.randint(-9, 9)
        )
        is_lost = plot.outcome == "lost"
        return SampleOpportunity(
            name=rng.choice(self.words.opportunity_names).format(**said),
            products=f"{said['product']} {said['qty']}",
            amount=amount,
            outcome=plot.outcome or "open",
            entered=list(first.values()),
            closed_at=closed_at,
            expected_close_on=expected,
            lost_reason=rng.randrange(5) if is_lost else None,
            lost_remark=rng.choice(self.words.lost_remarks) if is_lost else None,
        )

    def _plan_due(self, customer: SampleCustomer, last: dt.datetime) -> dt.datetime | None:
        """When to speak again, if that has been planned: overdue, today or in the coming days."""
        if customer.status not in TALKING or customer.colleague is None:
            return None
        is_warm = self.hours.now - last < dt.timedelta(days=40)
        day = self.rng.choices(("none", "overdue", "today", "soon"), (30, 10, 13, 47) if is_warm else (92, 4, 1, 3))[0]
        ahead = {"none": 0, "overdue": -self.rng.randint(1, 5), "today": 0, "soon": self.rng.randint(1, 10)}[day]
        due = self.hours.ahead(ahead, self.rng)
        return None if day == "none" or due <= last + dt.timedelta(hours=1) else due

    def _plan(self, customer: SampleCustomer, said: dict[str, Any]) -> SamplePlan:
        last = customer.followups[-1]
        means, content = self._wording(customer, last.phase, last.contact, said)
        return SamplePlan(
            due_at=last.next_contact_at or last.at,
            created_at=last.at + dt.timedelta(minutes=4),
            means=means,
            content=content,
            contact=last.contact,
            for_deal=customer.opportunity is not None and customer.opportunity.outcome == "open",
        )

    def _wording(self, customer: SampleCustomer, phase: str, contact: int, said: dict[str, Any]) -> tuple[str, str]:
        kind = "serve" if phase in ("won", "serve") else "deal" if phase in ("offer", "talk", "sign") else "early"
        means, content = self.rng.choice(self.words.plans[kind])
        return means, content.format(**self._person(customer, contact), **said)

    def _is_near(self, due: dt.datetime | None) -> bool:
        """Still to come, or missed so lately that somebody would yet call."""
        return due is not None and due > self.hours.now - dt.timedelta(days=6)

    def when(self, due: dt.datetime, at: dt.datetime) -> str:
        """As it is said at that time: 周四上午, 下周二下午, 12月3日上午."""
        weeks = (due.date() - dt.timedelta(days=due.weekday()) - at.date() + dt.timedelta(days=at.weekday())).days // 7
        return self.words.when[min(weeks, 2)].format(
            weekday=self.words.weekdays[due.weekday()],
            part=self.words.parts_of_day[due.hour >= 12],
            month=self.words.months[due.month - 1],
            day=due.day,
        )


def _half_hour(moment: dt.datetime) -> dt.datetime:
    return moment.replace(minute=moment.minute // 30 * 30, second=0, microsecond=0)
