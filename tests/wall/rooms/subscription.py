"""订阅: for who holds the permission; Stripe does not answer here (tests/wall/conftest.py), so whoever passes is told that, as 422."""

from dataclasses import replace

from tests.wall.routes import public, tenant

RENTS = (
    "INSERT INTO saas.subscriptions (tenant_id, payer, id, standing, plan, seats, price, ends_at) "
    "SELECT id, 'cus_' || slug, 'sub_' || slug, 'active', 'standard', 5, 29, now() + interval '20 days' FROM saas.tenants"
)
AWAY = {422}

ROUTES = {
    "GET subscription.show": tenant(may="alice", before_saas=RENTS),
    "GET subscription.bills": tenant(may="alice"),
    "GET subscription.subscribe": tenant(may="alice"),
    "POST subscription.subscribe": tenant(
        may="alice", data={"plan": "standard", "seats": "9", "means": "card", "title": "Alpha", "mail": "a@alpha.example"}, answers=AWAY
    ),
    "GET subscription.total": tenant(may="alice"),
    "GET subscription.arrive": tenant(may="alice"),
    "GET subscription.change": tenant(may="alice", before_saas=RENTS, answers=AWAY),
    "POST subscription.change": tenant(may="alice", data={"plan": "standard", "seats": "9"}, before_saas=RENTS, answers=AWAY),
    "POST subscription.cancel": tenant(may="alice", before_saas=RENTS, answers=AWAY),
    "POST subscription.resume": tenant(may="alice", before_saas=RENTS, answers=AWAY),
    "POST subscription.keep": tenant(may="alice", before_saas=RENTS, answers=AWAY),
    "POST subscription.portal": tenant(may="alice", answers=AWAY),
    "GET subscription.referrals": tenant(may="alice"),
    "GET landing.referred": public(code="abc"),
    "GET subscription.title": tenant(may="alice"),
    "POST subscription.title": tenant(may="alice", data={"title": "Alpha", "mail": "a@alpha.example"}, answers=AWAY),
    "POST webhooks.stripe": replace(public(answers={400}), token=False),
}
