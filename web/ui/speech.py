"""The sentences that scripts say, handed to them translated on the body element."""

from flask_babel import gettext


def speech() -> dict[str, str]:
    return {
        "away": gettext("No connection. Nothing was lost: try again in a moment."),
        "slow": gettext("That took too long. Try again in a moment."),
        "broken": gettext("Something went wrong on our side. Try again in a moment."),
        "undo": gettext("Undo"),
        "close": gettext("Close"),
        "copied": gettext("Copied"),
        "notCopied": gettext("Copying is not allowed here: select the text and copy it."),
        "draft": gettext("Your draft is back."),
        "selected": gettext("{n} selected"),
        "moved": gettext("Moved to {stage}"),
        "notMoved": gettext("The move was refused, so the card is back in its place."),
        "up": gettext("Up one place"),
        "down": gettext("Down one place"),
        "yes": gettext("Yes, go on"),
        "no": gettext("Cancel"),
        "nothing": gettext("Nothing found"),
        "create": gettext("Add “{text}”"),
        "remove": gettext("Remove"),
        "leave": gettext("What you typed has not been saved. Leave anyway?"),
    }
