"""Records as the schemas shape them, and files that say the same in every way that people write it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from dhrctl.files import schema
from dhrctl.files.yaml.reader import FileRefused, parse
from dhrctl.model.paths import RecordKind

WORDS = st.sampled_from(
    [
        *(
            "Anytown",
            "a",
            "the board",
            "2021-04",
            "2021-04-30",
            "no",
            "1",
            "0x1F",
            "3.",
            "~",
            "true",
            "null",
            "=",
            "<<",
        ),
        *(
            "case #4",
            "Table 1: Systems",
            "- a",
            "* b",
            "1. c",
            "x" * 100,
            "It's",
            '"so"',
            "# not a comment",
            "{a}",
            "[b]",
        ),
        *(
            "é “A & B”",
            "👍",
            "C:\\police",
            "a\tb",
            "\ta",
            " led by a space",
            "ends in one ",
            "%",
            "@",
            "`c`",
            "---",
            "...",
        ),
        *(
            "one\ntwo",
            "one\n\ntwo\n",
            "\none",
            "  two\none",
            "a\n  b\n c",
            "a \nb",
            "a\n\n",
            "\n",
            " ",
            "",
            "? a",
            "a: b",
        ),
        "That every risk assessment is checked by a supervisor, so that nothing is missed, and the reason is written down.",
        "So that:\n\n- nothing is missed;\n- the reason for a grade is written down.",
    ]
)
TEXTS = WORDS | st.text(st.sampled_from("ab ,.:#-'\"\n\\é"), max_size=12)
NUMBERS = st.integers(-3, 40)
OTHERS = st.none() | st.booleans()


def shaped(kind: RecordKind) -> st.SearchStrategy[dict[str, Any]]:
    """Return records with the keys of a schema, and with any text wherever that has one."""
    return _drawn(schema.read_schema(kind), schema.read_schema(kind))


def _drawn(part: Mapping[str, Any], whole: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    if "$ref" in part:
        return _drawn(whole["$defs"][part["$ref"].rpartition("/")[2]], whole)
    if "properties" in part:
        return _some({key: _drawn(inner, whole) for key, inner in part["properties"].items()})
    if "additionalProperties" in part:
        return st.dictionaries(WORDS.filter(lambda key: "\n" not in key), TEXTS, max_size=3)
    if part.get("type") == "array":
        return st.lists(_drawn(part["items"], whole), max_size=3)
    return NUMBERS if part.get("type") == "integer" else TEXTS | OTHERS if "type" in part else TEXTS


def _some(fields: Mapping[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    keys = st.lists(st.sampled_from([*fields]), min_size=1, max_size=6, unique=True)
    return keys.flatmap(lambda chosen: st.fixed_dictionaries({key: fields[key] for key in chosen}))


@dataclass
class Mangler:
    """Writes data as people do: in no order, with odd indents, all quotes, comments and blank lines anywhere."""

    draw: st.DrawFn
    quiet: bool = False
    remarks: int = 0

    def one_of(self, *values: Any) -> Any:
        return self.draw(st.sampled_from(values))

    def rarely(self) -> bool:
        return bool(self.draw(st.integers(0, 5)) == 5)

    def block(self, data: Any, column: int) -> Iterator[str]:
        """Yield the lines of a group of keys or a list that is not empty."""
        spread = self.one_of(1, 1, 1, 2, 3)
        keys = self.draw(st.permutations([*data])) if isinstance(data, dict) else range(len(data))
        for key in keys:
            yield from self.between(column)
            head = f"{self.key(key)}:" if isinstance(data, dict) else "-" + " " * (spread - 1)
            yield from self.part(head, data[key], column, listed=isinstance(data, list))

    def between(self, column: int) -> Iterator[str]:
        """Yield remarks and empty lines, as may stand before any part."""
        while not self.quiet and self.rarely():
            yield self.one_of("", f"{' ' * self.one_of(column, column, 0)}{self.remark()}")

    def remark(self) -> str:
        self.remarks += 1
        return f"# remark {self.remarks}: - {self.one_of('a', 'b: c', '#', '|', '...', 'é')}"

    def beside(self, *, quoted: bool = False) -> str:
        """Return a remark behind a value, or spaces that nobody sees, or nothing."""
        if self.quiet or not self.rarely():
            return ""
        if quoted and self.rarely():
            return " #close"
        return str(self.one_of("  ", f" {self.remark()}" if self.rarely() else f"\t{self.remark()}"))

    def part(self, head: str, value: Any, column: int, *, listed: bool) -> Iterator[str]:
        margin = " " * column
        if isinstance(value, dict | list) and (not value or self.rarely()):
            yield f"{margin}{head} {self.brackets(value)}{self.beside()}"
        elif isinstance(value, dict | list):
            deeper = column + self.one_of(1, 2, 2, 4)
            if listed and not self.rarely():
                inner = list(self.block(value, column + len(head) + 1))
                first = next(
                    index for index, line in enumerate(inner) if line.strip() and not line.lstrip().startswith("#")
                )
                yield from (line[:column] if not line.strip() else margin + line.lstrip() for line in inner[:first])
                yield f"{margin}{head} {inner[first].lstrip()}"
                yield from inner[first + 1 :]
            else:
                yield f"{margin}{head}{self.beside().expandtabs(1)}"
                flat = isinstance(value, list) and not listed and self.rarely()
                yield from self.block(value, column if flat else deeper)
        elif isinstance(value, str):
            yield from self.text(f"{margin}{head}", value, column)
        else:
            word = self.one_of("", " ~", " null") if value is None else f" {json.dumps(value)}"
            yield f"{margin}{head}{word}{self.beside() if word else self.beside().expandtabs(1)}"

    def key(self, key: Any) -> str:
        plain = key if means(f"{key}: 1", {key: 1}) else json.dumps(key, ensure_ascii=False)
        single = "'" + key.replace("'", "''") + "'"
        other = self.one_of(json.dumps(key, ensure_ascii=False), single) if self.rarely() else plain
        return other if means(f"{other}: 1", {key: 1}) else json.dumps(key)

    def text(self, head: str, value: str, column: int) -> Iterator[str]:
        """Yield the lines of a text in one of its styles; in double quotes where that one cannot hold it."""
        style = self.one_of("plain", "single", "double", "literal", "folded", "broken", "broken-quotes", "below")
        margin = " " * (column + self.one_of(1, 2, 3, 6))
        if self.quiet and not value.strip():
            style = "double"  # the empty lines of a block without text are no part of it
        space = self.one_of(" ", " ", "  ")
        lines = list(self.styled(style, value, margin, column))
        if not means("\n".join([f"{' ' * column}k:{space}{lines[0]}", *lines[1:]]), {"k": value}):
            style, lines = "double", [json.dumps(value, ensure_ascii=False)]
        block = style in {"literal", "folded"}
        at = 0 if block else len(lines) - 1
        lines[at] += self.beside(quoted=style in {"single", "double"}) if lines[at] else ""
        yield f"{head}{space}{lines[0]}" if lines[0] else head
        yield from lines[1:]

    def styled(self, style: str, value: str, margin: str, column: int) -> Iterator[str]:
        words = value.split(" ")
        middle = len(words) // 2
        if style in {"literal", "folded"}:
            digit = self.one_of("", len(margin) - column)
            chomp = "-" if not value.endswith("\n") else self.one_of("", "+")
            yield f"{'|' if style == 'literal' else '>'}{digit}{chomp}"
            rows = value.removesuffix("\n").split("\n")
            rows = rows if style == "literal" else "\n\n".join(rows).split("\n")
            yield from (f"{margin}{row}" if row else self.one_of("", margin) for row in rows)
        elif style == "broken":
            yield " ".join(words[:middle])
            yield f"{margin}{' '.join(words[middle:])}"
        elif style == "broken-quotes":
            yield f"'{' '.join(words[:middle])}".replace("''", "'")
            yield f"{margin}{' '.join(words[middle:])}'"
        elif style == "below":
            yield ""
            yield margin + value
        elif style == "single":
            yield "'" + value.replace("'", "''") + "'"
        else:
            yield value if style == "plain" else json.dumps(value)

    def brackets(self, value: Any) -> str:
        if isinstance(value, dict):
            inner = [f"{self.inside(key)}: {self.brackets(each)}" for key, each in value.items()]
        elif isinstance(value, list):
            inner = [self.brackets(each) for each in value]
        else:
            return self.inside(value) if isinstance(value, str) else json.dumps(value)
        joined = self.one_of(", ", ",", ", ").join(inner)
        return f"{{{joined}}}" if isinstance(value, dict) else f"[{joined}]"

    def inside(self, text: str) -> str:
        plain = self.rarely() or means(f"[{text}, b]", [text, "b"])
        return text if plain and means(f"[{text}]", [text]) and means(f"{{{text}: 1}}", {text: 1}) else json.dumps(text)


def means(text: str, data: Any) -> bool:
    try:
        return json.dumps(parse(text.encode())) == json.dumps(data)
    except (FileRefused, UnicodeError):
        return False


@st.composite
def mangled(draw: st.DrawFn, data: dict[str, Any], *, remarks: bool = True) -> bytes:
    """Return a file that says this (or nearly: an empty line may belong to the text above it), as people write it."""
    mangler = Mangler(draw, quiet=not remarks)
    lines = list(mangler.block(data, 0))
    if mangler.rarely():
        lines = ["---", *lines]
    if mangler.rarely():
        lines = [*lines, "...", *mangler.between(0)]
    lines = [mangler.remark(), *lines] if remarks and mangler.rarely() else lines
    end = "\r\n" if mangler.rarely() else "\n"
    start = "\ufeff" if mangler.rarely() else ""
    return (start + end.join(lines) + ("" if mangler.rarely() else end)).encode()
