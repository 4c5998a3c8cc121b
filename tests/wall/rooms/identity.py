"""The door: pages for everybody, and pages of a person, which belong to no company."""

from tests.wall.routes import look, person, public

NEWCOMER = {"company": "Delta", "slug": "", "name": "Dora", "mail": "dora@delta.example", "password": "four words are enough", "language": "en"}
BOBS_SESSION = look("SELECT s.id FROM saas.sessions s JOIN saas.people p ON p.id = s.person_id WHERE p.name = 'Bob'", plane="saas")

ROUTES = {
    "GET identity.sign_in": public(),
    "POST identity.sign_in": public(data={"mail": "alice@alpha.example", "password": "a long enough password"}),
    "POST identity.sign_out": public(),
    "GET identity.forgotten_password": public(),
    "POST identity.forgotten_password": public(data={"mail": "alice@alpha.example"}),
    "GET identity.reset_password": public(token="no-such-token", answers={410}),
    "POST identity.reset_password": public(token="no-such-token", answers={410}),
    "GET identity.confirm": public(token="no-such-token", answers={410}),
    "POST identity.confirm": public(token="no-such-token", answers={410}),
    "GET identity.oidc_start": public(provider="nobody", answers={404}),
    "GET identity.oidc_back": public(provider="nobody", answers={404}),
    "GET identity.companies": person(),
    "GET signup.sign_up": public(),
    "POST signup.sign_up": public(data=NEWCOMER),
    "GET signup.slug": public(),
    "GET invitations.show": public(token="no-such-token", answers={410}),
    "POST invitations.show": public(token="no-such-token", answers={410}),
    "GET account.show": person(),
    "POST account.show": person(data={"name": "Bob", "locale": "en", "theme": "auto", "shortcuts": "y"}),
    "POST account.theme": person(data={"theme": "dark"}),
    "GET account.password": person(),
    "POST account.password": person(data={"current": "a long enough password", "password": "four words are enough"}),
    "GET account.devices": person(),
    "POST account.end_session": person(session_id=BOBS_SESSION),
    "POST account.end_other_sessions": person(),
    "POST account.confirmation": person(),
    "POST account.link": person(provider="nobody", answers={404}),
    "POST account.unlink": person(data={"issuer": "https://id.example", "subject": "1"}),
}
