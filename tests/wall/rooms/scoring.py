"""Routes of scores: the reasons for whoever sees the record, the rules for who holds settings.scoring."""

from tests.wall.routes import of, tenant

ROUTES = {
    "GET scoring.of_customer": tenant(customer_id=of("customer", "Bob")),
    "GET scoring.of_opportunity": tenant(opportunity_id=of("opportunity", "Bob")),
    "POST scoring.release_grade": tenant(may="alice mei bob", customer_id=of("customer", "Bob")),
    "POST scoring.pin_grade": tenant(may="alice mei bob", customer_id=of("customer", "Bob")),
}

MEASURE = {"base": "10", "mode": "thresholds", "a": "80", "b": "50", "share_a": "20", "share_b": "30"}
AT = {"subject": "customer"}
RULE = {"subject": "customer", "rule_id": "d1"}
KEPT = '{"rules": [{"id": "d1", "kind": "decider", "points": 7, "values": {}}], "base": 10, "grading": {}, "version": 0}'
DRAFT = f"INSERT INTO settings (key, value, updated_at) SELECT 'scoring.draft.customer.' || id, '{KEPT}', now() FROM members WHERE name = 'Alice'"
ROUTES |= {
    "GET scoring.start": tenant(may="alice"),
    "GET scoring.index": tenant(may="alice", before=DRAFT, **AT),
    "GET scoring.create": tenant(may="alice", **AT),
    "POST scoring.create": tenant(may="alice", kind="silent", data={"points": "-5", "days": "30"}, **AT),
    "GET scoring.edit": tenant(may="alice", **RULE),
    "POST scoring.edit": tenant(may="alice", data={"points": "9", "values": "vip"}, **RULE),
    "POST scoring.remove": tenant(may="alice", **RULE),
    "POST scoring.switch": tenant(may="alice", **RULE),
    "POST scoring.take_back": tenant(may="alice", **RULE),
    "GET scoring.measure": tenant(may="alice", **AT),
    "POST scoring.measure": tenant(may="alice", data=MEASURE, **AT),
    "GET scoring.show_effect": tenant(may="alice", before=DRAFT, **AT),
    "POST scoring.save": tenant(may="alice", before=DRAFT, **AT),
    "POST scoring.discard": tenant(may="alice", before=DRAFT, **AT),
    "POST scoring.former": tenant(may="alice", data={"version": "0"}, **AT),
}
