"""Who a document, page or file is made for, and how it says so."""

from collections.abc import Mapping
from enum import StrEnum


class Audience(StrEnum):
    """Who a document is made for, from the widest to the narrowest."""

    PUBLIC = "public"
    PARTNERS = "partners"
    INTERNAL = "internal"


MADE_FOR: Mapping[Audience, str] = {
    Audience.PUBLIC: "Made for the public.",
    Audience.PARTNERS: "Made for the partner agencies and the panel; not for publication.",
    Audience.INTERNAL: "Made for those who keep the register; not to be passed on.",
}
