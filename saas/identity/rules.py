"""What may be a mail address, a name and a password. Pure."""

import re
import unicodedata
from functools import cache
from pathlib import Path

from email_validator import EmailNotValidError, validate_email

from tenants.values.words import N_

SHORTEST, LONGEST = 8, 256  # characters of a password
COMMON = Path(__file__).with_name(
    "common_passwords.txt"
)  # the 20,000 most leaked (R. Williams, from haveibeenpwned.com), and some that are common in China
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
WORD = re.compile(r"[^\W_]{4,}")


def tidy(text: str) -> str:
    """One line as a person meant it: no control characters (PostgreSQL refuses NUL), no blanks around or doubled."""
    seen = "".join(" " if unicodedata.category(char) in INVISIBLE else char for char in unicodedata.normalize("NFC", text))
    return " ".join(seen.split())


def tidy_mail(text: str) -> str | None:
    """The address in small ASCII letters, as it is kept and compared; None when it is none."""
    try:
        found = validate_email(tidy(text), check_deliverability=False, allow_smtputf8=False, globally_deliverable=False)
    except EmailNotValidError:
        return None
    mail = (found.ascii_email or "").lower()
    return mail if "." in mail.rpartition("@")[2] else None


def tidy_password(text: str) -> str:
    """Two keyboards may write the same password in different code points."""
    return unicodedata.normalize("NFKC", text)


def weakness(password: str, *about: str) -> str | None:
    """Why nobody should use this password, as a message id; None when it will do. `about`: what others know of the person, as the mail address."""
    plain = tidy_password(password)
    if len(plain) < SHORTEST:
        return N_("Use at least 8 characters.")
    if len(plain) > LONGEST:
        return N_("Use at most 256 characters.")
    folded = plain.casefold()
    if len(set(folded)) < 4 or folded in common():
        return N_("This password is among the first that strangers try. Choose another one.")
    if _is_about(folded, about):
        return N_("This password repeats your name, address or company. Choose another one.")
    return None


@cache
def common() -> frozenset[str]:
    return frozenset(COMMON.read_text().split())


def _is_about(folded: str, about: tuple[str, ...]) -> bool:
    """It is what is known of the person, with at most three characters of its own."""
    words = {word for text in about for word in [text.casefold(), *text.casefold().split("@"), *WORD.findall(text.casefold())] if len(word) >= 4}
    return any(word in folded and len(folded) - len(word) <= 3 for word in words)
