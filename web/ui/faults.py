"""What a page says when it cannot do what was asked: what happened, and a way on. By HTTP status."""

from dataclasses import dataclass

from flask_babel import gettext


@dataclass(frozen=True, slots=True)
class Fault:
    title: str
    sentence: str


def fault(status: int) -> Fault:
    told = _words().get(status) or _words()[500 if status >= 500 else 400]
    return Fault(*told)


def _words() -> dict[int, tuple[str, str]]:
    return {
        400: (gettext("We did not understand that"), gettext("The address or the form is damaged. Go back, reload the page and try again.")),
        401: (gettext("Please sign in"), gettext("You are signed out. Sign in, and you come back to where you were.")),
        402: (
            gettext("Read only until the rent is paid"),
            gettext("Everything can still be read and exported. The owner can pay under Settings, and work goes on at once."),
        ),
        403: (
            gettext("This is not for your role"),
            gettext("Your role does not allow this. An administrator can change that under Settings, Roles."),
        ),
        404: (gettext("There is nothing here"), gettext("The page does not exist, or it belongs to somebody else. It may also lie in the bin.")),
        405: (gettext("That cannot be done this way"), gettext("Go back to the page before and use its buttons.")),
        409: (
            gettext("Somebody changed this meanwhile"),
            gettext("Your change was not saved, so that theirs is not lost. Reload, look, and change it again."),
        ),
        413: (gettext("That is too big"), gettext("A file may be 20 MB at most. Make it smaller, or send it in parts.")),
        422: (gettext("Something is missing or wrong"), gettext("Look at the marked fields. Nothing that you typed is lost.")),
        429: (gettext("Too often in a short time"), gettext("Wait a minute, and try again.")),
        500: (
            gettext("Something broke on our side"),
            gettext("It is not your fault, and we have been told. Nothing was saved half. Try again in a moment."),
        ),
        503: (gettext("We are away for a moment"), gettext("The database does not answer. Wait a minute, and reload the page.")),
    }
