"""Routes of scores: the reasons for whoever sees the record, the rules for who holds settings.scoring."""

from tests.wall.routes import of, tenant

ROUTES = {
    "GET scoring.of_customer": tenant(customer_id=of("customer", "Bob")),
    "GET scoring.of_opportunity": tenant(opportunity_id=of("opportunity", "Bob")),
    "POST scoring.release_grade": tenant(may="alice mei bob", customer_id=of("customer", "Bob")),
    "POST scoring.pin_grade": tenant(may="alice mei bob", customer_id=of("customer", "Bob")),
}
