import re
import uuid

from tenants.values.ids import is_tenant_key, new_id, tenant_key
from tenants.values.words import N_, Refusal


class CapacityReached(Refusal):
    sentence = N_("%(name)s holds %(limit)d customers already.")


class Plain(Refusal):
    sentence = N_("Nothing of 100% is left.")


def test_a_refusal_is_a_sentence() -> None:
    assert str(CapacityReached(name="Bob", limit=200)) == "Bob holds 200 customers already."
    assert CapacityReached(name="Bob", limit=200).params == {"name": "Bob", "limit": 200}
    assert str(Plain()) == "Nothing of 100% is left."


def test_keys_sort_by_time() -> None:
    keys = [new_id() for _ in range(1000)]
    assert keys == sorted(keys) and len(set(keys)) == 1000
    assert type(keys[0]) is uuid.UUID and keys[0].version == 7


def test_tenant_keys_need_no_quotes() -> None:
    keys = {tenant_key() for _ in range(1000)}
    assert len(keys) == 1000 and all(re.fullmatch("t_[a-z2-7]{10}", key) and is_tenant_key(key) for key in keys)
    assert not any(map(is_tenant_key, ("", "t_", "t_abcdefghi", "t_abcdefghij2", 't_abcdefghi"', "t_abcdefghi1", "t_abcdefghij\n", "T_abcdefghij")))
