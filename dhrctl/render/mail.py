"""A report as an e-mail without a recipient, which a person's own program opens, addresses and sends."""

from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from dhrctl.text.escape import escape_hidden

_BOUNDARY = "=_dhrctl"  # no line of a body in quoted-printable can hold it


def eml(subject: str, text: str, html: str, day: date) -> str:
    """Return an e-mail of a day as the text of an .eml file: plain text, and the same as HTML."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = " ".join(escape_hidden(subject).split())
    message["Date"] = format_datetime(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    message["X-Unsent"] = "1"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message.set_boundary(_BOUNDARY)
    return message.as_bytes().decode("ascii")
