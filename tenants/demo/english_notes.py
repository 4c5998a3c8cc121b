"""What the sales staff of Fernhill write down. {who} is the contact, {next} when to speak again ("on Thursday morning"), {mate} a colleague."""

from tenants.demo.vocabulary import Scene

FIRST = (
    Scene(
        "phone",
        "Got through the switchboard to {who}. "
        "They make {makes} and use {rival} for {use}; it goes out to bid once a year. Sent the catalog, talking again {next}.",
        "Open to looking at it",
        (2, 5),
    ),
    Scene(
        "phone",
        "Caught {who} in the middle of a stock count, two minutes only. "
        "They need {product} every month, have two suppliers and want a third as backup. Call back {next}.",
        "Call back agreed",
        (1, 3),
    ),
    Scene(
        "visit",
        "Dropped in on {street}. {who} walked me round the warehouse: half a wall of {product}. Noted the sizes, left card and samples.",
        "Friendly, knows us now",
        (3, 7),
    ),
    Scene(
        "event",
        "{who} came to our stand asking about {product}. Cares most about lead time and minimum order. Took two samples to show {chief}.",
        "Took samples",
        (2, 4),
    ),
    Scene(
        "mail",
        'Introduced by an existing customer. Sent {who} the catalog and three references; the answer was "thanks, comparing prices right now".',
        "Read and answered",
        (2, 5),
    ),
    Scene(
        "phone",
        "Returned a web inquiry. "
        "{who} wanted a rough price for {qty} of {product}; gave a range and said volume helps. {He} needs a formal quote by mail.",
        "Real inquiry",
        (1, 2),
    ),
    Scene(
        "visit",
        "First visit together with {mate}, met {who}. "
        "A new line has just started, so the supplies for {use} are being decided again. Open to change after a small trial.",
        "Small trial agreed",
        (3, 6),
    ),
    Scene(
        "phone",
        "Third try. {who} has taken over from someone who left. Introduced us again and promised certificates and prices before we speak {next}.",
        "New person in charge",
        (1, 3),
    ),
    Scene(
        "phone",
        "{who} is reviewing suppliers: {rival} has raised prices twice this year. I am to bring samples {next} and call from the gate.",
        "Wants to meet",
        (2, 5),
    ),
    Scene(
        "mail",
        "{who} asked for our company profile. Sent it the same day with three references; they discuss it {next}.",
        "Material received",
        (2, 5),
    ),
)

NEED = (
    Scene(
        "visit",
        "Measured up on site: about {qty} a month for {use}. "
        "The {product} they get now has rejects, two reworks already. {who} wants one grade up for at most 5% more. Two proposals due {next}.",
        "Needs are clear",
        (2, 5),
    ),
    Scene(
        "phone",
        "Went through the list with {who}: {product} first, two more items depending on price. Net 30, one invoice a month.",
        "Have the list",
        (2, 4),
    ),
    Scene(
        "mail",
        "{who} sent three photos and a drawing; we make samples to that. Confirmed material and print color, shipping them {next}.",
        "Drawing received",
        (2, 4),
    ),
    Scene(
        "phone",
        "{who} says the budget is up by a fifth because orders are. {He} runs the trial, but {chief} signs. "
        "Advised us to bring both to the next meeting.",
        "Know who decides",
        (3, 6),
    ),
    Scene(
        "visit",
        "Delivered samples and tried five on the spot. {who} finds them better than {rival}'s, only a little dark. "
        "Quality tests them for a week, answer {next}.",
        "Samples in test",
        (5, 8),
    ),
    Scene("mail", "Sent data sheet, test report and ISO certificate as {who} asked, quality in copy.", "Papers complete", (3, 5)),
    Scene(
        "phone",
        "{rival} now takes 12 days and stopped their line once; {chief} was furious. "
        "We promise 5 days, 48 hours for rush orders. {who} wants that in writing.",
        "Lead time is our way in",
        (2, 4),
    ),
    Scene(
        "phone",
        "Trial passed, says {who}. {He} is filing the internal request and asked us to keep 500 in stock for emergencies. Agreed, without deposit.",
        "Trial passed",
        (2, 5),
    ),
)

OFFER = (
    Scene("mail", "Formal quote: {product}, {qty} {price}, {amount} in total, delivered. Valid for 15 days, net 30.", "Quote sent", (2, 4)),
    Scene(
        "phone",
        "Chased the quote. {who} has it: 3% above {rival}, but likes our lead time. Asked for a little more; I answer {next}.",
        "A bit too dear",
        (1, 3),
    ),
    Scene(
        "visit",
        "Took proposal and samples to {who}; {chief} joined for ten minutes. "
        "Two questions: who pays for breakage, what if we run out. Both go into the contract.",
        "Met the decision-makers",
        (2, 5),
    ),
    Scene(
        "phone", "{who} asked for two deliveries and two invoices. Checked with {mate}: fine, same unit price.", "Half of the terms settled", (2, 4)
    ),
    Scene(
        "phone",
        "{who} has all three quotes; we are in the middle. They compare {next}, {he} will argue for lead time. I send last year's on-time figures.",
        "Being compared",
        (3, 6),
    ),
    Scene(
        "mail",
        "Second round: changed the material as asked, total down to {amount}. Added a page that sets both materials side by side.",
        "Revised quote sent",
        (2, 5),
    ),
    Scene(
        "visit", "Side-by-side test on site: ours lasted nearly twice as long as {rival}'s. {who} filmed it for {chief}.", "Test went well", (2, 4)
    ),
)

TALK = (
    Scene(
        "phone",
        "{who} wants 5% off and could then decide {next}. I can do that from {qty} on, otherwise 2%. {He} is doing the sums.",
        "Haggling",
        (1, 3),
    ),
    Scene(
        "visit",
        "An hour and a half of talks. They want net 60, we net 30; met at prepaid for the first order and net 45 after. {mate} has agreed.",
        "Terms settled",
        (2, 4),
    ),
    Scene("mail", "{who} sent their contract template: a 10% penalty, too much. Returned it with 3%; legal is reading.", "Contract wording", (2, 4)),
    Scene(
        "phone",
        "{rival} has cut its price again and {who} wavers. Did not follow; offered a free day of training on the floor instead. That went down well.",
        "Held the line",
        (1, 3),
    ),
    Scene(
        "visit",
        "Showed {who} our stock and inspection. Impressed by what is on hand; asked about three rush orders. On the way out: no objections left.",
        "Good visit",
        (2, 5),
    ),
    Scene(
        "phone",
        "Final price agreed with {who}: {product} {price}, {amount} in all, first load by month's end. Only {chief} has to sign.",
        "Price fixed",
        (1, 3),
    ),
)

SIGN = (
    Scene("mail", "The contract is in their approval system; finance wants our bank letter, says {who}. Sent the same day.", "In approval", (1, 3)),
    Scene(
        "phone",
        "Chased the approval. {Chief} travels and signs {next}; {who} asks us to set the goods aside. Told the warehouse.",
        "Waiting for a signature",
        (2, 4),
    ),
    Scene(
        "visit",
        "Brought the paper contract. {who} checked sizes and counts; it gets signed at the weekly meeting. Agreed dock times with the warehouse.",
        "Waiting for the meeting",
        (2, 4),
    ),
)

WON = (
    Scene(
        "visit",
        "Signed! {product}, {qty}, {amount}. {who} needs the first load for {use} {next}, two trucks; our warehouse has planned it.",
        "Signed",
        (2, 4),
    ),
    Scene(
        "phone",
        "{who} called with the order: {amount}, first payment arrived today. Thanked {him} and invited {him} to see the new warehouse.",
        "Ordered",
        (3, 6),
    ),
)

SERVE = (
    Scene(
        "phone",
        "Asked about the first delivery. Count is right, says {who}; two crushed corners on the outside, contents fine. We add corner guards.",
        "Happy with delivery",
        (15, 25),
    ),
    Scene("mail", "Sent {who} the statement. Amounts agree; one invoice had the wrong address and was reissued.", "Statement agreed", (18, 28)),
    Scene(
        "visit",
        "Regular visit. The floor likes the {product}; {who} mentioned the sister plant needs some too and wants a separate price.",
        "Chance for more",
        (8, 15),
    ),
    Scene(
        "phone",
        "{who} needs {product} in two days. Truck leaves tonight, there tomorrow. {He} promised a week's notice next time.",
        "Rush order arranged",
        (10, 20),
    ),
    Scene(
        "visit",
        "Took the new samples along; {who} kept two sets for quality. They add a line next year: use for {use} up by a third.",
        "New need found",
        (10, 20),
    ),
    Scene(
        "phone",
        "Complaint: a few rejects in the last {product}. "
        "Saw the photos, sent replacements the same day, raised it with the factory. {who} is content with how fast it went.",
        "Complaint settled",
        (5, 8),
    ),
    Scene("mail", "{who} sent next quarter's forecast, up 12%. Confirmed the price and reserved capacity.", "Steady reorders", (20, 30)),
    Scene("phone", "Reminded {who} of an invoice that is due. Finance pays on Friday and sends the remittance.", "Will pay", (3, 6)),
    Scene("phone", "Short call to keep in touch. {who} asked in passing about lead time for another size.", "In touch", (20, 30)),
    Scene(
        "visit", "Quarterly review: 98.6% on time, two damaged. {who} would like totes from us as well; price due {next}.", "Review went well", (4, 8)
    ),
)

QUIET = (
    Scene("phone", "No answer twice; left a message saying what it is about.", "Not reached", (5, 10)),
    Scene("phone", "{who}: this year's budget is spent, look again in March. No need to call often, send news by mail.", "No need now", (20, 40)),
    Scene("mail", "Sent the new catalog. Opened, no questions.", "Keeping in touch", (12, 25)),
    Scene("phone", "The front desk says {who} is at the new site; the mobile is off. Will try at another time of day.", "Not reached", (4, 8)),
    Scene("sms", "Texted a short hello with the link to the current price list. No answer yet.", None, (10, 20)),
    Scene(
        "phone",
        "{who} has signed with {rival} for a year; we may come a month before it ends. In the calendar.",
        "Under contract elsewhere",
        (30, 60),
    ),
    Scene("mail", 'Forwarded an article on freight costs; {who} wrote back "useful". Business is slow, nothing planned.', "Slow market", (20, 35)),
)

LOST = (
    Scene(
        "phone",
        "{who} told me they chose {rival}: 6% cheaper, and {chief} looked at the total only. Thanked {him}; we stay the backup.",
        "Lost",
        (20, 40),
    ),
    Scene(
        "phone",
        "Project stopped. The new plant moves to next year, says {who}, and with it the {product}. Will call once a month.",
        "On hold",
        (20, 40),
    ),
)

SCENES = {
    "first": FIRST, "need": NEED, "offer": OFFER, "talk": TALK, "sign": SIGN, "won": WON, "serve": SERVE, "quiet": QUIET, "lost": LOST,
}  # fmt: skip
