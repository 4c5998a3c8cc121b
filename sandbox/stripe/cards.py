"""Stripe's test cards, and what becomes of a payment with each."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Card:
    number: str
    what: str
    """For the person who chooses it on a page."""
    brand: str = "visa"
    refusal: str | None = None
    """The decline code of every payment."""
    attaches: bool = True
    asks: str = "never"
    """When the bank asks for a second step: never, once (then it is remembered), always."""

    @property
    def last4(self) -> str:
        return self.number[-4:]


CARDS = {
    card.number: card
    for card in (
        Card("4242424242424242", "Pays"),
        Card("5555555555554444", "Pays", brand="mastercard"),
        Card("6200000000000005", "Pays", brand="unionpay"),
        Card("4000000000000002", "Is declined", refusal="generic_decline", attaches=False),
        Card("4000000000009995", "Has too little money", refusal="insufficient_funds", attaches=False),
        Card("4000000000000341", "Is taken, and then declined when it is to pay", refusal="generic_decline"),
        Card("4000002500003155", "Needs a second step the first time", asks="once"),
        Card("4000002760003184", "Needs a second step every time", asks="always"),
    )
}
# What test code writes in the place of a card: https://docs.stripe.com/testing
NAMED = {
    "pm_card_visa": "4242424242424242",
    "pm_card_mastercard": "5555555555554444",
    "pm_card_unionpay": "6200000000000005",
    "pm_card_chargeDeclined": "4000000000000002",
    "pm_card_visa_chargeDeclined": "4000000000000002",
    "pm_card_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_chargeCustomerFail": "4000000000000341",
    "pm_card_authenticationRequiredOnSetup": "4000002500003155",
    "pm_card_authenticationRequired": "4000002760003184",
    "tok_visa": "4242424242424242",
    "tok_mastercard": "5555555555554444",
    "tok_chargeDeclined": "4000000000000002",
    "tok_chargeCustomerFail": "4000000000000341",
}
SENTENCES = {
    "generic_decline": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
    "authentication_required": "Your card was declined. This transaction requires authentication.",
}
