"""What is known of an edition as a whole, and the artefacts that hold all its practices at once.

`EditionInfo` is stored with every artefact; `MappedEdition` and `NormalisedEdition` gather what map and normalise
give for each chapter; `ValidatedEdition` is the artefact of validate; `Index` and `Report` are the files that emit
writes next to the practice files.
"""

from pipeline.errors import StageError
from pipeline.issues import Status
from pipeline.models.chapter import Chapters
from pipeline.models.geometry import Frozen
from pipeline.models.layout import PageLayout, TableEvidence
from pipeline.models.page import Concealed, Drawn
from pipeline.models.practice import (
    CountryCode,
    Edition,
    EditionId,
    PageNumber,
    Practice,
    PracticeId,
    SchemaVersion,
    Sha256,
)
from pipeline.models.record import NormalisedRecord, Record
from pipeline.models.report import Acknowledgement, Issue
from pipeline.models.row import Residue


class PageInfo(Frozen):
    """What every later stage may need to know of a page.

    Attributes:
        number: 1-based page number.
        width: Width in points.
        height: Height in points.
        glyphs: Glyphs that the read stage saw, every copy counted.
        copies: Glyph ids and surplus copies of glyphs drawn more than once.
        white: Ids of the glyphs that are white space.
        recognised: True where the text comes from character recognition.
        failure: Why the page could not be read; None where it could.
        concealed: Text that can't be seen.
        drawn: Pictures, and lines of letters that are no text.
        letters: Letters and digits that the first and the second reader count; None without a second reading.
    """

    number: int
    width: float
    height: float
    glyphs: int
    copies: tuple[tuple[int, int], ...] = ()
    white: tuple[int, ...] = ()
    recognised: bool = False
    failure: str | None = None
    concealed: tuple[Concealed, ...] = ()
    drawn: tuple[Drawn, ...] = ()
    letters: tuple[int, int] | None = None


class EditionInfo(Frozen):
    """What is known of the edition that an artefact belongs to.

    Attributes:
        id: Edition id: the file's stem.
        file: File name without its folder.
        sha256: Hash of the file's bytes.
        pages: The pages in order.
        language: BCP 47 code that the stages work with; None before detection, or where detection failed.
        declared_language: BCP 47 code of the sidecar; None without a sidecar.
        repairs: What had to be repaired to read the file, in words.
        issues: What concerns the edition as a whole (sidecar, language, pages that could not be read).
        acknowledged: The warnings that the sidecar acknowledges.
        title: The booklet's title; this and the next three as the sidecar says, None where it does not.
        publisher: Who published it.
        origin: Where the file comes from.
        rights: What is known of its rights.
    """

    id: EditionId
    file: str
    sha256: str
    pages: tuple[PageInfo, ...]
    language: str | None = None
    declared_language: str | None = None
    repairs: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()
    acknowledged: tuple[Acknowledgement, ...] = ()
    title: str | None = None
    publisher: str | None = None
    origin: str | None = None
    rights: str | None = None

    @property
    def known_language(self) -> str:
        """BCP 47 code that the stages work with.

        Raises:
            StageError: No stage has settled it yet.
        """
        if self.language is None:
            raise StageError("the artefact does not say the edition's language; run from 'chapter'", edition=self.id)
        return self.language


class Layouts(Frozen):
    """The segment stage's artefact for all pages."""

    pages: tuple[PageLayout, ...]


class MappedEdition(Frozen):
    """The map stage's artefact for all chapters.

    Attributes:
        rest: What is outside the chapters (its `chapters` are empty: the records hold them).
        records: One per chapter, in document order.
    """

    rest: Chapters
    records: tuple[Record, ...]


class NormalisedEdition(Frozen):
    """The normalise stage's artefact for all chapters; `rest` as in `MappedEdition`."""

    rest: Chapters
    records: tuple[NormalisedRecord, ...]


class PageAccount(Frozen):
    """Where the glyphs of one page ended; the places add up to `seen`.

    Attributes:
        page: 1-based page number.
        seen: Glyphs that the read stage saw, every copy counted.
        label: Glyphs in labels.
        value: Glyphs in values.
        heading: Glyphs in the practices' headings.
        front_matter: Glyphs in the front matter.
        furniture: Glyphs in running headers and footers.
        residue: Glyphs in the residue, by its name. Empty where there are none.
        blank: White space that is on no line of text.
        copies: Of all these, glyphs drawn again over themselves; each is counted in its place too.
        letters: Letters and digits that can be seen, as the first reader counts them, each drawn once. None where the
            page was not read a second time, and before 1.2.0.
        letters_second: The same as the second reader, an independent one, counts them. None where the page was not
            read a second time, and before 1.2.0.
        width: The page's width in points, as boxes are measured: after it is turned; null where it could
            not be read, and before 1.2.0.
        height: Its height, likewise; null where it could not be read, and before 1.2.0.
    """

    page: int
    seen: int
    label: int
    value: int
    heading: int
    front_matter: int
    furniture: int
    residue: dict[str, int]
    blank: int
    copies: int
    letters: int | None = None
    letters_second: int | None = None
    width: float | None = None
    height: float | None = None


class TableFinding(Frozen):
    """By what evidence a table was found.

    Attributes:
        table: 0-based number of the table in the edition.
        practice: Id of the practice that it belongs to.
        pages: Pages that it touches. Never empty.
        rows: Number of its rows.
        evidence: Every kind of evidence, the strongest first. Never empty.
        confidence: 0 to 1: how sure the least sure of its parts is.
    """

    table: int
    practice: str
    pages: tuple[int, ...]
    rows: int
    evidence: tuple[TableEvidence, ...]
    confidence: float


class RowJoin(Frozen):
    """A row joined over one or more page breaks.

    Attributes:
        practice: Practice id.
        label: The label on one line.
        pages: Pages that the row touches. Never empty.
        label_joined: True where the label itself is on more than one page.
        value_joined: True where the value is on more than one page.
        confidence: 0 to 1, per break: how sure geometry is. Empty where nothing was joined by geometry.
    """

    practice: str
    label: str
    pages: tuple[int, ...]
    label_joined: bool
    value_joined: bool
    confidence: tuple[float, ...]


class Counts(Frozen):
    """The report's headline numbers.

    Attributes:
        practices: Practices found.
        rows: Rows of their tables.
        fields: Fields with a row of their own, or a share in one.
        inline_fields: Fields named inside another row's text.
        slips: Of the fields, those whose label differs from the lexicon's by an evident typo.
        drafts: Of the fields, those whose label is a draft entry of the lexicon.
        unmapped: Rows that no field answers to.
        rows_over_page_breaks: Rows that are on more than one page.
        labels_over_page_breaks: Labels that are on more than one page.
        values_over_page_breaks: Values that are on more than one page.
        glyphs: Glyphs that the read stage saw, every copy counted.
        residue: Glyphs in the residue.
        errors: Issues of severity `error`.
        warnings: Issues of severity `warning`.
        notes: Issues of severity `note`.
    """

    practices: int
    rows: int
    fields: int
    inline_fields: int
    slips: int
    drafts: int
    unmapped: int
    rows_over_page_breaks: int
    labels_over_page_breaks: int
    values_over_page_breaks: int
    glyphs: int
    residue: int
    errors: int
    warnings: int
    notes: int


class Report(Frozen):
    """What was found in an edition and what was not: `report.json`.

    Attributes:
        schema_version: Semantic version of the contract.
        edition: The edition.
        status: `good`; `errors` where any issue is an error; `incomplete` where a warning that spoils `good` is not
            acknowledged. Only a good run is a success.
        counts: The headline numbers.
        glyphs: The account of every page. Never empty.
        residue: Text without a place, with its page and box. Empty where there is none.
        tables: By what evidence each table was found. Empty where none was.
        joins: Rows joined over page breaks. Empty where there are none.
        recognised_pages: Pages whose text was recognised from a picture. Empty where none was.
        repairs: What had to be repaired to read the file. Empty where nothing had.
        issues: Everything that a maintainer should know, in document order. Empty where there is nothing.
    """

    schema_version: SchemaVersion
    edition: Edition
    status: Status
    counts: Counts
    glyphs: tuple[PageAccount, ...]
    residue: tuple[Residue, ...]
    tables: tuple[TableFinding, ...]
    joins: tuple[RowJoin, ...]
    recognised_pages: tuple[int, ...]
    repairs: tuple[str, ...]
    issues: tuple[Issue, ...]


class IndexEntry(Frozen):
    """A practice in the index.

    Attributes:
        id: Practice id.
        file: Its file, in the index's folder.
        sha256: Hash of the file's bytes; None before 1.2.0.
        heading: The printed heading on one line.
        countries: ISO 3166-1 alpha-2 codes in the heading's order. Empty where it names none.
        title: The heading without its countries.
        pages: First and last page, 1-based. Never empty.
    """

    id: PracticeId
    file: str
    sha256: Sha256 | None = None
    heading: str
    countries: tuple[CountryCode, ...]
    title: str
    pages: tuple[PageNumber, PageNumber]


class IndexFile(Frozen):
    """A file of the edition that holds no practice.

    Attributes:
        file: Its name, in the index's folder.
        sha256: Hash of its bytes.
    """

    file: str
    sha256: Sha256


class Index(Frozen):
    """The practices of an edition in document order: `index.json`.

    Attributes:
        schema_version: Semantic version of the contract.
        version: Version of the program that wrote the edition; None where that is not installed, and before 1.2.0.
        edition: The edition.
        counts: The report's headline numbers; None before 1.2.0.
        practices: The practices in document order. Empty where none was found.
        files: The folder's other files, without the index itself. Empty before 1.2.0.
    """

    schema_version: SchemaVersion
    version: str | None = None
    edition: Edition
    counts: Counts | None = None
    practices: tuple[IndexEntry, ...]
    files: tuple[IndexFile, ...] = ()


class ValidatedEdition(Frozen):
    """The validate stage's artefact: the practices in document order, and the report on them."""

    edition: Edition
    practices: tuple[Practice, ...]
    report: Report
