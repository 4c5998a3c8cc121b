"""What Fernhill's staff mean to do next, and why they lost. Slots as in english_notes.py."""

LOST_REMARKS = (
    "6% above the rival; only the total counted",
    "Head office buys for all plants; this one had no say",
    "They needed it in three days, we need five",
    "New plant moved to next year, budget frozen",
    "A supplier of old standing; no way past",
    "Samples failed the load test by a little",
)

PLANS = {
    "early": (
        ("phone", "Call {who} about needs and volumes"),
        ("visit", "Take {product} samples to {who} and see how they are used"),
        ("mail", "Send {who} the catalog and three references"),
        ("visit", "Measure up on site and confirm the size of the {product}"),
        ("phone", "Ask {who} about the material we sent, try for a meeting"),
        ("phone", "Ask {who} how the trial goes; fix problems the same day"),
    ),
    "deal": (
        ("phone", "Ask {who} about the quote; try to get {chief} to the table"),
        ("mail", "Send {who} the updated quote, finance in copy"),
        ("visit", "Go with {mate} to settle payment terms and refills"),
        ("phone", "Chase the approval: where is it stuck, {who}?"),
        ("mail", "Send {who} the test report for the {product}"),
        ("visit", "Take contract and samples along, check sizes with {who}"),
    ),
    "serve": (
        ("phone", "Ask {who} about the last load and next quarter's volumes"),
        ("visit", "Regular visit; see how much stock {who} has left"),
        ("phone", "Remind {who} of the invoice that is due"),
        ("mail", "Send {who} the new price list, offer samples"),
        ("visit", "Visit with {mate}: next year's {product} framework"),
        ("phone", "Confirm dock time and unloading for this load"),
    ),
}
