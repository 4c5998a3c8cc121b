"""What may be chosen: stored as these codes, shown by these message ids, in this order."""

from tenants.values.words import N_

KINDS: dict[str, str] = {"company": N_("Company"), "person": N_("Individual")}
STATUSES: dict[str, str] = {
    "target": N_("Target"),
    "potential": N_("Potential"),
    "prospective": N_("Prospective"),
    "regular": N_("Regular"),
    "vip": N_("VIP"),
    "lapsed": N_("Lapsed"),
}
STATUS_LINE: tuple[str, ...] = ("target", "potential", "prospective", "regular", "vip")
GRADES: dict[str, str] = {"A": N_("A key"), "B": N_("B ordinary"), "C": N_("C low priority")}
SOURCES: dict[str, str] = {
    "promotion": N_("Promotion"),
    "search_engine": N_("Search engine"),
    "advertisement": N_("Advertisement"),
    "referral": N_("Referral"),
    "online_signup": N_("Online sign-up"),
    "online_inquiry": N_("Online inquiry"),
    "appointment": N_("Appointment"),
    "cold_visit": N_("Cold visit"),
    "phone_inquiry": N_("Phone inquiry"),
    "mail_inquiry": N_("Mail inquiry"),
    "exhibition": N_("Exhibition"),
    "wechat": N_("WeChat"),
    "douyin": N_("Douyin"),
}
SIZES: dict[str, str] = {
    "1-19": N_("1–19 people"),
    "20-99": N_("20–99 people"),
    "100-499": N_("100–499 people"),
    "500-999": N_("500–999 people"),
    "1000+": N_("1,000 people or more"),
}
SEXES: dict[str, str] = {"female": N_("Female"), "male": N_("Male")}
# Proposed while typing; any other text is kept as well.
INDUSTRIES: tuple[str, ...] = (
    N_("Manufacturing"),
    N_("Machinery"),
    N_("Electronics"),
    N_("Environmental protection"),
    N_("Building materials"),
    N_("Construction"),
    N_("Chemicals"),
    N_("Textiles and clothing"),
    N_("Food and drink"),
    N_("Medicine and health"),
    N_("Retail"),
    N_("Wholesale and trade"),
    N_("Logistics"),
    N_("Software and Internet"),
    N_("Education"),
    N_("Finance and insurance"),
    N_("Property"),
    N_("Catering and hotels"),
    N_("Agriculture"),
    N_("Energy"),
    N_("Public bodies"),
    N_("Other industries"),
)
TAG_COLOURS: tuple[str, ...] = ("grey", "teal", "green", "blue", "amber", "red")
