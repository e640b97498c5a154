"""The action plans as a document (DOCX): each review's official table, on A4 in landscape."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime, time

from docx import Document
from docx.document import Document as Opened
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement as Element
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from dhrctl.reports import papers
from dhrctl.reports.view import UNCOMMITTED, View, imprint_sentences
from dhrctl.table import Column, Report, Row, Table
from dhrctl.text.escape import escape_hidden, format_cell

_WIDTH, _HEIGHT, _MARGIN = Mm(297), Mm(210), Mm(15)
_FONT = "Arial"
_FILLS = {"red": "F6C9C5", "amber": "FBE3B5", "green": "CFE8CF", "blue": "CFDFF2", "grey": "E2E2E2"}


def docx(view: View) -> bytes:
    """Write the plan of each review as its official table; the same register and day give the same bytes."""
    document = Document()
    _set_up_document(document, view)
    body = document.element.body
    sections = [body[-1]]  # the page's own settings stand last
    parts = [part for place, report in enumerate(papers.action_plan(view)) for part in _report(report, first=not place)]
    body.extend([*parts, *sections])
    out = io.BytesIO()
    document.save(out)
    return _strip_times(out)


def _strip_times(made: io.BytesIO) -> bytes:
    """Return an archive without the times at which its members were added."""
    out = io.BytesIO()
    with zipfile.ZipFile(made) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as again:
        for name in archive.namelist():
            again.writestr(zipfile.ZipInfo(name), archive.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _set_up_document(document: Opened, view: View) -> None:
    title = escape_hidden(view.register.settings.title)
    said, made = document.core_properties, datetime.combine(view.day, time())
    said.title, said.author, said.last_modified_by = title[:_LONGEST], title[:_LONGEST], title[:_LONGEST]
    said.comments, said.language = escape_hidden(" ".join(imprint_sentences(view)))[:_LONGEST], "en-GB"
    said.created = said.modified = made
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, _WIDTH, _HEIGHT
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = _MARGIN
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.name, style.font.color.rgb = _FONT, RGBColor(0, 0, 0)
        style.element.rPr.rFonts.attrib.clear()
        for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
            style.element.rPr.rFonts.set(qn(f"w:{kind}"), _FONT)
    document.styles["Normal"].font.size = Pt(9)
    document.styles["Normal"].paragraph_format.space_after = Pt(3)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    _fill_footer(section.footer.paragraphs[0], view)


_LONGEST = 255


def _fill_footer(paragraph: Paragraph, view: View) -> None:
    """Fill the foot of every page: as of when, for whom, and which page it is of how many."""
    paragraph.add_run(f"As of {view.day}. Made for: {view.audience}. Page ")
    for place, field in enumerate(("PAGE", "NUMPAGES")):
        if place:
            paragraph.add_run(" of ")
        paragraph._p.append(_element("w:fldSimple", _run("1"), instr=field))  # noqa: SLF001 - python-docx has no fields


def _report(report: Report, *, first: bool) -> Iterator[Element]:
    """Yield a plan on pages of its own: what it says of itself, and its tables, whose columns are in line."""
    yield _paragraph(report.title, "Heading1", own_page=not first)
    read = f"Read at commit {report.commit}." if report.commit else UNCOMMITTED
    for sentence in (f"As of {report.as_of}. {read} {report.made_for}", *report.opening):
        yield _paragraph(sentence)
    tables = [table for table in report.tables if table.rows and table.for_people]
    for table in tables:
        alike = [row for each in tables if each.columns == table.columns for row in each.rows]
        yield _paragraph(table.title, "Heading2")
        yield _table(table, _widths(table.for_people, alike))
    yield _paragraph("")
    for sentence in report.closing:
        yield _paragraph(sentence)


def _table(table: Table, widths: Sequence[int]) -> Element:
    """Return a table of fixed widths, whose head is repeated on every page."""
    columns = table.for_people
    properties = _element(
        "w:tblPr",
        _element("w:tblStyle", val="TableGrid"),
        _element("w:tblW", w=str(sum(widths)), type="dxa"),
        _element("w:tblLayout", type="fixed"),
    )
    grid = _element("w:tblGrid", *[_element("w:gridCol", w=str(width)) for width in widths])
    head = [_cell(column.label, "E6E6E6", head=True) for column in columns]
    rows = [_row([(format_cell(row[column.key]), column.coloured) for column in columns]) for row in table.rows]
    kept = _element("w:trPr", _element("w:cantSplit"), _element("w:tblHeader"))
    return _element("w:tbl", properties, grid, _element("w:tr", kept, *head), *rows)


def _row(texts: Sequence[tuple[str, bool]]) -> Element:
    """Return a row of texts, of which some are coloured by their first word; a short one is never broken."""
    short = max(len(text) for text, _ in texts) < _SHORT
    cells = [_cell(text, _FILLS.get(text.partition(":")[0], "") if coloured else "") for text, coloured in texts]
    return _element("w:tr", *([_element("w:trPr", _element("w:cantSplit"))] if short else []), *cells)


_SHORT = 1_000


def _cell(text: str, fill: str, *, head: bool = False) -> Element:
    shade = [_element("w:tcPr", _element("w:shd", val="clear", color="auto", fill=fill))] if fill else []
    return _element("w:tc", *shade, *[_paragraph(part, bold=head) for part in text.split("\n\n")])


def _widths(columns: Sequence[Column], rows: Sequence[Row]) -> list[int]:
    """Return the widths of columns in twentieths of a point: room for the longest word, and more for more text."""
    least, wanted = [], []
    for column in columns:
        texts = [format_cell(row[column.key]) for row in rows]
        longest = max(len(word) for text in (*texts, column.label) for word in (text.split() or [""]))
        least.append(min(longest, _LONGEST_WORD) * _LETTER + _PADDING)
        wanted.append((sum(map(len, texts)) / len(texts)) ** 0.5)
    spare = max(_ROOM - sum(least), 0)
    scale = min(_ROOM / sum(least), 1)
    return [int(low * scale + spare * more / (sum(wanted) or 1)) for low, more in zip(least, wanted, strict=True)]


_ROOM = Mm(_WIDTH.mm - 2 * _MARGIN.mm).twips
_LONGEST_WORD, _LETTER, _PADDING = 14, 105, 230


def _paragraph(text: str, style: str = "", *, own_page: bool = False, bold: bool = False) -> Element:
    properties = [_element("w:pStyle", val=style)] if style else []
    properties += [_element("w:pageBreakBefore")] if own_page else []
    return _element("w:p", *([_element("w:pPr", *properties)] if properties else []), _run(text, bold=bold))


def _run(text: str, *, bold: bool = False) -> Element:
    run = _element("w:r", *([_element("w:rPr", _element("w:b"))] if bold else []))
    for place, line in enumerate(escape_hidden(text).split("\n")):
        if place:
            run.append(_element("w:br"))
        written = _element("w:t")
        written.text = line
        run.append(written)
    return run


def _element(name: str, *inner: Element, **attributes: str) -> Element:
    element: Element = OxmlElement(name, {qn(f"w:{key}"): value for key, value in attributes.items()})
    element.extend(inner)
    return element
