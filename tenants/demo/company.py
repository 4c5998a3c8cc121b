"""Made-up customers with their people: the same ones for the same seed, vocabulary and moment, as many as are asked for."""

import datetime as dt
from collections.abc import Iterator
from random import Random

from tenants.demo.hours import Hours
from tenants.demo.plots import DECK, Plot, plot_of
from tenants.demo.sample import SampleContact, SampleCustomer
from tenants.demo.story import Teller
from tenants.demo.vocabulary import Industry, Place, Post, Vocabulary
from tenants.values.names import pinyin

SIZES = ("1-19", "20-99", "100-499", "500-999", "1000+")
SOURCES = (
    *("exhibition", "referral", "phone_inquiry", "cold_visit", "search_engine") * 3,
    *("wechat", "online_inquiry", "douyin") * 2,
    *("mail_inquiry", "promotion", "advertisement", "online_signup", "appointment"),
)
CREDIT_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
SEVEN_FIGURES = {"0592", "0312"}  # areas whose numbers are shorter by one


def sample_customers(vocabulary: Vocabulary, *, seed: int, now: dt.datetime, count: int) -> Iterator[SampleCustomer]:
    """`now` is aware, in the company's time zone. One in five has an opportunity."""
    maker = _Maker(vocabulary, Random(seed), now)  # noqa: S311 - sample data
    for index in range(count):
        yield maker.customer(index)


class _Maker:
    def __init__(self, vocabulary: Vocabulary, rng: Random, now: dt.datetime) -> None:
        self.words, self.rng = vocabulary, rng
        self.hours = Hours(now, chinese=vocabulary.chats)
        self.teller = Teller(vocabulary, self.hours, rng)
        self.places = [place for place in vocabulary.places for _ in range(place.weight)]
        self.industries = [industry for industry in vocabulary.industries for _ in range(industry.weight)]
        self.deck = list(DECK)
        self.taken: set[str] = set()
        rng.shuffle(self.deck)

    def customer(self, index: int) -> SampleCustomer:
        plot = plot_of(self.deck[index // 5 % len(self.deck)] if index % 5 == 2 else None, self.rng)
        is_company = plot.outcome is not None or self.rng.random() > 0.05
        place, industry = self.rng.choice(self.places), self.rng.choice(self.industries) if is_company else self.words.shops
        customer = self._facts(place, industry, plot, is_company=is_company)
        self.teller.tell(customer, industry, place, plot)
        return customer

    def _facts(self, place: Place, industry: Industry, plot: Plot, *, is_company: bool) -> SampleCustomer:
        rng, words = self.rng, self.words
        brand, name, short = self._name(place, industry, is_company=is_company)
        letters = pinyin(brand)
        posts = rng.sample(words.posts, rng.choice((1, 1, 2, 2, 2, 3, 3, 4)) if is_company else 1)
        contacts = [self._contact(place, letters, post) for post in posts]
        street, number = rng.choice(place.streets), rng.randrange(3, 1999)
        return SampleCustomer(
            name=name,
            short_name=short,
            kind="company" if is_company else "person",
            status=plot.status,
            grade=rng.choices("ABC", (45, 45, 10) if plot.status == "vip" else (12, 55, 33))[0],
            industry=industry.name,
            business=rng.choice(industry.makes),
            size=rng.choices(SIZES, (25, 38, 26, 8, 3) if is_company else (1, 0, 0, 0, 0))[0],
            standing=rng.choice(words.standings) if is_company else "",
            region=place.region,
            territory=place.territory,
            address=words.address.format(region=place.region.replace(" ", ""), city=place.called, street=street, number=number),
            credit_code=_credit_code(rng) if is_company and words.chats and rng.random() < 0.7 else None,
            rivals=rng.choice(industry.rivals) if rng.random() < 0.6 else None,
            phone=self._number(words.landline, place.area) if is_company else None,
            website=f"https://www.{letters}.example" if is_company and rng.random() < 0.5 else None,
            invoice_title=name if is_company else None,
            source=rng.choice(SOURCES),
            remark=rng.choice(words.remarks) if rng.random() < 0.25 else None,
            tags=sorted(rng.sample(range(len(words.tags)), rng.choice((0, 0, 1, 1, 2)))),
            colleague=self._seller(place, plot),
            created_at=self.hours.back(plot.back + rng.randrange(3), rng),
            status_since=self.hours.now,
            contacts=contacts,
        )

    def _name(self, place: Place, industry: Industry, *, is_company: bool) -> tuple[str, str, str]:
        """The brand, the full name, the short one; never the same full name twice."""
        rng, words = self.rng, self.words
        while True:
            brand = rng.choice(words.brands[0]) + rng.choice(words.brands[1])
            trade = rng.choice(industry.trades)
            pattern = rng.choice(words.company_patterns) if is_company else words.shop_pattern
            surname, given = rng.choice(words.surnames), rng.choice(words.given[rng.randrange(2)])
            name = pattern.format(place=place.called, brand=brand, trade=trade, surname=surname, given=given)
            if name not in self.taken:
                self.taken.add(name)
                short = words.short_pattern.format(brand=brand, trade=trade) if is_company else name
                return brand, name, short

    def _contact(self, place: Place, letters: str, post: Post) -> SampleContact:
        rng, words = self.rng, self.words
        is_man = rng.random() < 0.55
        surname, given = rng.choice(words.surnames), rng.choice(words.given[is_man])
        spelt = {"surname": pinyin(surname, person=True), "given": pinyin(given)}
        spelt["name"] = spelt["surname"] + spelt["given"]
        mobile = self._mobile()
        return SampleContact(
            name=words.person_pattern.format(surname=surname, given=given),
            sex="male" if is_man else "female",
            post=post.name,
            department=post.department,
            address=post.address.format(surname=surname, given=given),
            chief=post.chief,
            is_decision_maker=post.decides,
            mobile=mobile,
            phone=self._number(words.landline, place.area) if rng.random() < 0.2 else None,
            wechat=f"{spelt['name']}{mobile[-4:]}" if words.chats and rng.random() < 0.6 else None,
            qq=str(rng.randrange(10**8, 10**9)) if words.chats and rng.random() < 0.2 else None,
            mail=words.mail_pattern.format(brand=letters, **spelt) if rng.random() < 0.7 else None,
            birthday=dt.date(1962, 1, 1) + dt.timedelta(days=rng.randrange(40 * 365)) if rng.random() < 0.4 else None,
            birthday_is_lunar=words.chats and rng.random() < 0.35,
            habits=rng.choice(words.habits) if rng.random() < 0.35 else None,
        )

    def _seller(self, place: Place, plot: Plot) -> str | None:
        """Who sells there; the boss keeps some of the best; a few are nobody's."""
        chance = self.rng.random()
        if chance < (0.35 if plot.status == "vip" else 0.06):
            return "boss"
        if chance > 0.97 and not plot.outcome:
            return None
        there = [key for key, territories in self.words.sells_in.items() if place.territory in territories]
        return self.rng.choice(there)

    def _mobile(self) -> str:
        """A new one each time, while there are any."""
        for _ in range(20):
            mobile = self._number(self.words.mobile, self.rng.choice(self.words.mobile_areas))
            if mobile not in self.taken:
                break
        self.taken.add(mobile)
        return mobile

    def _number(self, pattern: str, area: str) -> str:
        """In E.164. What begins with 800 is a number free of charge, and none of a town."""
        bare = area.lstrip("0")
        number = "".join(str(self.rng.randrange(10)) if char == "#" else char for char in pattern.format(area=bare))
        number = number.replace(f"{bare}800", f"{bare}860", 1)
        return number[:-1] if area in SEVEN_FIGURES else number


def _credit_code(rng: Random) -> str:
    """A unified social credit code with a right check digit (GB 32100-2015), of an authority that does not exist."""
    code = "9Y" + "".join(rng.choice("0123456789") for _ in range(6)) + "".join(rng.choice(CREDIT_DIGITS) for _ in range(9))
    total = sum(CREDIT_DIGITS.index(char) * pow(3, place, 31) for place, char in enumerate(code))
    return code + CREDIT_DIGITS[(31 - total % 31) % 31]
