"""Somebody at a browser, by HTTP. What does not come back, or comes back broken, is nobody's yes."""

import re
import secrets
from dataclasses import dataclass, field
from typing import Any

import requests

PASSWORD = "four words are enough"
PATIENCE = 30.0  # seconds
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
LINK = re.compile(r"/confirm/[\w.-]+")


@dataclass(slots=True)
class Person:
    """`name` is a word that nobody else has; `slug` the company's, once there is one."""

    address: str
    name: str = field(default_factory=lambda: f"p{secrets.token_hex(5)}")
    slug: str = ""
    customer: str = ""
    """The path of a customer of theirs."""
    browser: requests.Session = field(default_factory=requests.Session)

    @property
    def mail(self) -> str:
        return f"{self.name}@faults.example"

    def get(self, path: str, **options: Any) -> requests.Response | None:
        return self._ask("GET", path, **options)

    def post(self, path: str, form: dict[str, Any], *, page: str | None = None, **options: Any) -> requests.Response | None:
        """`page` is the one on which the form stands; without it, the workbench."""
        asked = self.get(page if page is not None else f"/{self.slug}/")
        token = TOKEN.search(asked.text) if asked is not None and asked.ok else None
        if token is None:
            return None
        return self._ask("POST", path, data={"csrf_token": token[1], **form}, **options)

    def _ask(self, method: str, path: str, **options: Any) -> requests.Response | None:
        where = path if path.startswith("/") else f"/{self.slug}/{path}"
        try:
            return self.browser.request(method, self.address + where, timeout=PATIENCE, allow_redirects=False, **options)
        except requests.RequestException:
            return None

    def sign_up(self) -> requests.Response | None:
        """One's own company, whose address is one's name."""
        form = {"company": f"Company {self.name}", "slug": self.name, "name": self.name, "mail": self.mail, "password": PASSWORD, "language": "en"}
        answer = self.post("/sign-up", form, page="/sign-up")
        if answer is not None and answer.status_code < 400:
            self.slug = self.name
        return answer

    def confirm(self, letter: str) -> None:
        """The address, by the link in the letter."""
        found = LINK.search(letter)
        assert found, letter
        answer = self.post(found[0], {}, page=found[0])
        assert answer is not None and answer.status_code < 400, answer

    def find_customer(self) -> None:
        """Their first one."""
        answer = self.post("customers", {"name": f"Grain of {self.name}", "kind": "company"}, page="customers/new")
        assert answer is not None and answer.status_code == 303, answer
        self.customer = answer.headers["Location"].partition("?")[0]
