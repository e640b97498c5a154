"""Texts and files that are made to take long, of any size: for the tests that count steps, and for the benchmark."""

from collections.abc import Callable, Mapping

LARGEST = 256 * 1024
Made = Callable[[int], bytes]

# Texts, of which each piece begins like something that a rule looks for

PIECES: Mapping[str, str] = {
    "spaces": " ",
    "line breaks": "\n",
    "one letter": "a",
    "capitals": "A",
    "capitals and small letters": "Aa",
    "digits": "0",
    "digits and spaces": "0 ",
    "digits and dashes": "0-",
    "one word": "a ",
    "words": "to do ",
    "sentences": "a. ",
    "duties": "We should act. ",
    "dots": "a.",
    "at signs": "a@",
    "addresses": "a@b.c ",
    "numbers": "01632 960000 ",
    "tags": "<p ",
    "pipes": " | ",
    "ranks": "DC ",
    "named ranks": "DC Example ",
    "births": "dob: 1 ",
    "considering": "give ",
    "debris": "\u00a0",
    "names": "Jane ",
    "half names": "Jane_-_",
    "abbreviations": "AB ",
}


def grown(piece: str, size: int) -> str:
    """Return a text of a size that repeats a piece, and ends otherwise."""
    return (piece * (size // len(piece) + 1))[:size] + "1_@"


# Files


def times(part: str, before: str = "", after: str = "") -> Made:
    """Return what makes a file of a size that repeats something as often as there is room."""

    def made(size: int) -> bytes:
        room = size - len((before + after).encode())
        return (before + part * (room // len(part.encode())) + after).encode()

    return made


def many(part: Callable[[int], str], before: str = "", after: str = "") -> Made:
    """Return what makes a file of a size that holds as many different things as there is room for."""

    def made(size: int) -> bytes:
        parts: list[str] = []
        room = size - len((before + after).encode())
        while room > 0:
            parts.append(part(len(parts)))
            room -= len(parts[-1].encode())
        return (before + "".join(parts[:-1]) + after).encode()

    return made


START = "recommendation: x\nsection: y\nstatus: unknown\n"
LEADS = f"{START}lead_agencies: [a]\n"
LARGE: Mapping[str, Made] = {
    "keys": many(lambda n: f"key{n}: v\n", LEADS),
    "texts": times("- a\n", f"{LEADS}outcomes:\n"),
    "numbers": times("1,", f"{LEADS}source: {{lines: [", "2]}\n"),
    "one-text": times("x ", f"{LEADS}outcomes: ['", "']\n"),
    "one-blank-text": times(" ", f"{LEADS}outcomes: ['", "']\n"),
    "spaces-behind-a-text": times(" ", f"{LEADS}scope: local"),
    "line-ends-in-a-text": times("\\n", f'{LEADS}outcomes: ["x', 'y"]\n'),
    "paragraphs": times("  x\n\n", f"{LEADS}outcomes:\n  - |\n"),
    "comments": times("#\n", LEADS),
    "escapes": times("\\u00e9", f'{LEADS}outcomes: ["', '"]\n'),
    "one-id": times("a-", f"{START}lead_agencies: [", "a]\n"),
    "ids-of-which-one-is-repeated": many(lambda n: f"{n:x},", f"{START}lead_agencies: [", "a, a]\n"),
    "words-and-numbers": many(lambda n: f"a{n},{n},", f"{START}lead_agencies: [", "a]\n"),
    "groups": many(lambda n: f"{{a: {n}}},", f"{START}lead_agencies: [", "a]\n"),
    "unknown-keys-in-groups": many(lambda n: f"- {{txt: {n}}}\n", f"{LEADS}actions:\n"),
    "columns": many(lambda n: f"  k{n}: v\n", f"{LEADS}as_stated:\n"),
    "texts-beside-a-hash": times("- a\n", f"{LEADS}# x #y\noutcomes:\n"),
}
