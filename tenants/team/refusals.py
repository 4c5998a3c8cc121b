"""Why the team cannot be arranged so."""

from tenants.values.words import N_, Refusal


class LastOwner(Refusal):
    sentence = N_("A company needs at least one active owner.")


class AboveYourself(Refusal):
    sentence = N_("You can only give roles whose rights you hold yourself.")


class RoleUnchangeable(Refusal):
    sentence = N_("The owner's role always holds every right.")


class RoleInUse(Refusal):
    sentence = N_("%(num)s members still have this role. Give them another one first.")


class NameTaken(Refusal):
    sentence = N_("There is already one with the name “%(name)s” here.")


class BelowItself(Refusal):
    sentence = N_("It cannot lie below itself.")


class NotEmpty(Refusal):
    sentence = N_("“%(name)s” still has something in it. Move that away first.")
