"""Why an opportunity cannot go that way."""

from tenants.values.words import N_, Refusal


class LostNeedsReason(Refusal):
    sentence = N_("Say why it was lost.")


class NotClosed(Refusal):
    sentence = N_("It is still open.")


class NothingToTakeBack(Refusal):
    sentence = N_("It has gone on since: there is nothing to take back.")


class CustomerInBin(Refusal):
    sentence = N_("Its customer is in the bin: restore the customer first.")


class OpensInOpenStage(Refusal):
    sentence = N_("An opportunity begins in an open stage.")
