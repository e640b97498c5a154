"""Abbreviations: what is one, and what only looks like one."""

import pytest

from dhrctl.checks.words import find_abbreviations

USED = [
    ("The KLOE is reviewed.", ["KLOE"]),
    ("MARACs, GPs' files and a MATAC's minutes", ["MARAC", "GP", "MATAC"]),
    ("DfE, MoU, MoUs, CoP, CRiiS", ["DfE", "MoU", "MoU", "CoP", "CRiiS"]),
    ("DASH RIC, MARAC, MATAC, MAPPA, IDVA", ["DASH", "RIC", "MARAC", "MATAC", "MAPPA", "IDVA"]),
    ("DASH RIC MARAC", ["DASH", "RIC", "MARAC"]),
    # No abbreviations
    ("", []),
    ("Training is given. A review follows. I agree.", []),
    ("Mr McDonald, Ms MacArthur and Mx O'Neill of DeLorean", []),
    ("an iPhone, eLearning, E-Learning, PowerPoint, WhatsApp, LinkedIn and YouTube", []),
    ("Part II, IV and XIV of the plan", []),
    ("the UK, CCTV, a PDF, IT support and a PIN", []),
    ("This must NOT happen; BOTH agencies agree", []),
    ("ALL STAFF MUST ATTEND the training", []),
    ("A&E, U.K., 1-2-1 and R.A.P.", []),
]


@pytest.mark.parametrize(("text", "found"), USED)
def test_an_abbreviation_is_known_by_its_capitals(text: str, found: list[str]) -> None:
    assert list(find_abbreviations(text)) == found
