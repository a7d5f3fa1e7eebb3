"""What is drawn on a page → `Page`: places in the visible page's coordinates, and what of it can be seen."""

import itertools
import math
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any, Final, TypeAlias

from pipeline.models.page import Concealment, Drawn, Fill, Glyph, Glyphs, Link, Page, Picture, Rule
from pipeline.stages.read.characters import compose, get_base, raise_digits
from pipeline.stages.read.drawn import (
    COVERED_SHARE,
    INVISIBLE_RENDER_MODES,
    Colour,
    Cover,
    GlyphRun,
    Image,
    Painted,
    PaintState,
    Rectangle,
    Replaced,
    Shape,
    cut,
    intersect,
    is_rounded,
    middle_line,
    round_place,
    same_colour,
    to_rgb,
)
from pipeline.stages.read.outlines import LETTER_HEIGHTS, Outline, find_drawn, find_outlined
from pipeline.stages.read.picture import PagePicture
from pipeline.stages.read.regions import conceal_blanks, find_layer, find_regions, is_scan
from pipeline.stages.read.shadows import OVERPRINT, fold_shadows
from pipeline.stages.read.turning import read_direction, turn_page

WHITE: Final[Colour] = (1.0, 1.0, 1.0)
UNKNOWN_COLOUR: Final[Colour] = (0.5, 0.5, 0.5)
"""Stands for the colour of a fill whose colour space can't be converted (a pattern, a spot colour)."""
RULE_THICKNESS: Final = 4.0
"""Thickest filled rectangle, in points, that counts as a rule and not as a fill."""
RULE_ASPECT: Final = 3.0
"""Least ratio of length to thickness of a filled rectangle that counts as a rule."""
STRAIGHT: Final = 0.7
"""Largest deviation, in points, of a stroke from the horizontal or vertical."""
COPY_DISTANCE: Final = 0.12
"""Largest distance of two drawings of the same glyph, as a share of the font size, that are one glyph drawn twice. The
narrowest letters advance by 0.22 of the font size ('l' and 'i' in the Helvetica metrics), so neighbours are safe; of
type that is set narrow, half of its width is the largest."""
LEAST_SIZE: Final = 0.75
"""Least size of type, in points, that can be read: at 600 dpi its small letters are three pixels high."""
USUAL_HEIGHT: Final = 792.0
"""Height, points, of the lowest usual page (Letter). On a lower page, as one whose unit is no point, the least
size is smaller in proportion."""
Shelf: TypeAlias = defaultdict[str, list[tuple[float, float, int]]]
"""Glyphs by their text: left edge, upper edge, index."""


class Canvas:
    """Collects what is drawn on a page, in the visible page's coordinates."""

    def __init__(
        self,
        number: int,
        visible: Rectangle,
        objects: Iterable[Any],
        links: Iterable[tuple[str, Rectangle]],
        *,
        drawable: bool = True,
    ) -> None:
        """Take over what is drawn.

        Args:
            number: The page's 1-based number.
            visible: The visible page in pdfminer's space.
            objects: What is drawn, in this order.
            links: Targets of links, and their rectangles in pdfminer's space.
            drawable: False where a picture of the page can't be had.
        """
        self.number, self.drawable = number, drawable
        self.left, self.low, right, self.high = visible
        self.width, self.height = right - self.left, self.high - self.low
        self.least_size = LEAST_SIZE * min(1.0, max(self.width, self.height) / USUAL_HEIGHT)
        self.links = tuple(Link(url, *self._place(box)) for url, box in links if all(map(math.isfinite, box)))
        self.fonts: dict[str, int] = {}
        self.glyphs: list[Glyph] = []
        self.directions: list[int] = []
        self.marks: list[int] = []
        self.codes: dict[int, Mapping[str, str]] = {}
        self.rules: list[Rule] = []
        self.fills: list[Fill] = []
        self.pictures: list[Picture] = []
        self._images: list[Picture] = []
        self._outlines: list[Outline] = []
        self._apart: list[Drawn] = []  # what a person reads, and is no text of the page: other letters, stamps
        self._lines: dict[int, Shelf] = {}
        self._ends: dict[int, float] = {}
        self._paints: list[tuple[int, Any]] = []  # of each run its first glyph, and how it is painted
        self.shadows: set[int] = set()
        self._fill_colours: set[Colour] = set()
        self._near_fills: dict[Colour, bool] = {}
        self._tallest = 0.0
        self._under_pictures: dict[int, None] = {}
        self._covering: list[Rectangle] = []
        self._unknown: list[Rectangle] = []
        self._doubts: dict[int, Concealment] = {}
        self._inkless: set[int] = set()  # those in doubt that have no ink at all, or are seen: not by what is near
        for item in objects:
            if isinstance(item, GlyphRun):
                self._add_run(item)
            elif isinstance(item, Shape):
                self._add_path(item.item, item.look, hole=item.hole)
            elif isinstance(item, Cover):
                self._cover(item)
            elif isinstance(item, Painted):
                placed = [Outline(self._place(box), curved) for box, curved in item.letters]
                least, most = LETTER_HEIGHTS
                self._outlines += [each for each in placed if least <= each.box[3] - each.box[1] <= most]
            elif isinstance(item, Replaced):
                self._apart.append(Drawn("letters", *self._place(item.box)))
            elif isinstance(item, Image):
                x0, y0, x1, y1 = item.box
                if all(map(math.isfinite, item.box)) and x0 <= x1 and y0 <= y1:
                    self.pictures.append(Picture(*self._place(item.box)))
                    self._images.append(self.pictures[-1])

    def _place(self, bbox: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        x0, y0, x1, y1 = bbox
        return (
            round(min(x0, x1) - self.left, 3),
            round(self.high - max(y0, y1), 3),
            round(max(x0, x1) - self.left, 3),
            round(self.high - min(y0, y1), 3),
        )

    def _add_run(self, run: GlyphRun) -> None:
        top, bottom = round(self.high - run.y1, 3), round(self.high - run.y0, 3)
        if not all(map(math.isfinite, (top, bottom, run.origin))):
            return
        direction = read_direction(run.matrix)
        across = direction not in (0, 180)  # the font size extends along x
        size, baseline, font = round(run.height, 2), round(self.high - run.origin, 3), -1
        self._tallest = max(self._tallest, min(bottom - top, self.height))
        clip_x0, clip_low, clip_x1, clip_high = run.look.clip
        plain = (
            size >= self.least_size
            and max(0.0, 2 * (self.high - clip_high)) <= top + bottom <= 2 * min(self.height, self.high - clip_low)
            and not run.doubt
            and not self._unknown
            and not self._may_hide(run)
        )
        low, high = max(0.0, 2 * (clip_x0 - self.left)), 2 * min(self.width, clip_x1 - self.left)
        glyphs, before, make = self.glyphs, len(self.glyphs), tuple.__new__
        shelf = self._lines.setdefault(round(top), defaultdict(list))
        leftmost, least_size, upright = self.left, self.least_size, direction == 0
        near, reach, farthest = self._find_near(top, size)
        self._paints.append((before, run.paint))
        for text, left, right in run.glyphs:
            x0, x1 = round(left - leftmost, 3), round(right - leftmost, 3)
            if not text or not math.isfinite(x0 + x1):
                continue
            if across:
                size = round(right - left, 2)
                near, reach, _ = self._find_near(top, size)
                farthest = math.inf
            if not text.isspace():
                if not run.hidden and x0 - farthest <= reach and self._is_copy(run, text, x0, top, near, reach):
                    continue
                if x0 > farthest:
                    farthest = x0
                shelf[text].append((x0, top, len(glyphs)))
            if font < 0:
                font = self.fonts.setdefault(run.font.split("+", 1)[-1], len(self.fonts))
            concealed: Concealment = ""
            if not plain or size < least_size or not low <= x0 + x1 <= high:
                concealed = self._concealment(run, text, size, (x0 + x1) / 2, (top + bottom) / 2)
            glyphs.append(
                # The class's own constructor fills in defaults, and takes thrice the time.
                make(
                    Glyph,
                    (text, x0, top, x1, bottom, size, font, baseline, concealed, upright, 1, None, run.source),
                )
            )
        added = len(glyphs) - before
        if added and before:
            raise_digits(glyphs, before)
        if run.source == "stamp" and added:  # in an empty cell it may be the value, as a picture may
            left, right = glyphs[before].x0, glyphs[-1].x1
            self._apart.append(Drawn("picture", min(left, right), top, max(left, right), bottom))
        self.directions += [direction] * added
        self.marks += [run.mark] * added
        if run.codes:
            self.codes |= dict.fromkeys(range(before, len(glyphs)), run.codes)
        self._ends[round(top)] = max(self._ends.get(round(top), -math.inf), farthest)

    def _find_near(self, top: float, size: float) -> tuple[tuple[Shelf, ...], float, float]:
        """Return the glyphs near a height, the largest distance of a second drawing, and the glyphs' last left edge."""
        reach = COPY_DISTANCE * max(size, 1.0)
        lines = {round(top - reach), round(top), round(top + reach)}
        near = tuple(filter(None, map(self._lines.get, lines)))
        return (*near, self._lines[round(top)]), reach, max(self._ends.get(line, -math.inf) for line in lines)

    def _is_copy(
        self, run: GlyphRun, text: str, x0: float, top: float, shelves: tuple[Shelf, ...], reach: float
    ) -> bool:
        """Count a glyph that is drawn again at nearly the same place (a fake bold, an accent added) with the first."""
        for form, shelf in itertools.product((text, get_base(text)), shelves):
            for other_x0, other_top, index in shelf.get(form, ()):
                glyph = self.glyphs[index]
                # What shows is no copy of what is hidden below it.
                near = min(reach, (glyph.x1 - other_x0) / 2 or reach)
                if abs(other_x0 - x0) <= near and abs(other_top - top) <= reach and not glyph.concealed:
                    # In another paint it may be the shadow of its neighbour (`shadows.py`).
                    before = self._paints[bisect_right(self._paints, index, key=itemgetter(0)) - 1][1]
                    if before[2:] != run.paint[2:] and abs(other_x0 - x0) > OVERPRINT * near:
                        continue
                    self.glyphs[index] = glyph._replace(text=text, copies=glyph.copies + 1)
                    return True
        return False

    def _may_hide(self, run: GlyphRun) -> bool:
        """Return whether a run's glyphs are drawn invisibly, or in a colour that something drawn so far has."""
        colour = run.colour
        if run.hidden or run.mode in INVISIBLE_RENDER_MODES or run.transparent:
            return True
        if colour is None or run.behind is not None:
            return same_colour(colour, run.behind)
        near = self._near_fills.get(colour)
        if near is None:
            near = self._near_fills[colour] = same_colour(colour, WHITE) or any(
                same_colour(colour, fill) for fill in self._fill_colours
            )
        return near

    def _concealment(self, run: GlyphRun, text: str, size: float, middle_x: float, middle_y: float) -> Concealment:
        if not (0 <= middle_x <= self.width and 0 <= middle_y <= self.height):
            return "outside_page"
        if run.hidden:
            return "layer_off"
        if size <= 0 or (size < self.least_size and not text.isspace()):
            return "invisible"
        if run.doubt:
            self._doubts[len(self.glyphs)] = run.doubt
            if run.look.doubt or run.mode in INVISIBLE_RENDER_MODES:
                self._inkless.add(len(self.glyphs))
        if run.mode in INVISIBLE_RENDER_MODES:
            return "invisible"
        x0, y0, x1, y1 = run.look.clip
        if not (x0 <= middle_x + self.left <= x1 and y0 <= self.high - middle_y <= y1):
            return "clipped"
        if run.transparent:
            return "transparent"
        if any(x0 <= middle_x <= x1 and top <= middle_y <= bottom for x0, top, x1, bottom in self._unknown):
            self._doubts.setdefault(len(self.glyphs), "background_colour")
        if not self._may_hide(run):
            return ""
        behind = run.behind or self._find_behind(middle_x, middle_y)
        return "background_colour" if same_colour(run.colour, behind) else ""

    def _find_behind(self, x: float, y: float, last: int | None = None) -> Colour | None:
        """Return the colour at a place so far, or before a fill; None where it is not known: a picture or pattern."""
        for fill in reversed(self.fills if last is None else self.fills[:last]):
            if fill.x0 <= x <= fill.x1 and fill.top <= y <= fill.bottom:
                return None if fill.colour == UNKNOWN_COLOUR else fill.colour
        known = not any(p.x0 <= x <= p.x1 and p.top <= y <= p.bottom for p in self.pictures)
        return WHITE if known else None

    def _add_path(self, item: Any, look: PaintState, *, hole: bool) -> None:  # noqa: ANN401 - pdfminer's object of a path
        """Take over a subpath: rules, a fill, a hole in it, or a drawing; what of it the clipping path leaves."""
        x0, top, x1, bottom = self._place(item.bbox)
        if not all(map(math.isfinite, (x0, top, x1, bottom))):
            return
        window = self._window(look)
        width, height = x1 - x0, bottom - top
        points = [(px - self.left, self.high - py) for px, py in item.pts]
        curved = any(command[0] in "cvy" for command in item.original_path or ())
        straight = not curved and all(
            abs(ax - bx) <= STRAIGHT or abs(ay - by) <= STRAIGHT for (ax, ay), (bx, by) in itertools.pairwise(points)
        )
        if not straight and item.original_path and is_rounded(item.original_path):
            straight, points = True, [(x0, top), (x1, top), (x1, bottom), (x0, bottom), (x0, top)]
        if not look.letters:  # else those are what is drawn
            self._outlines += self._find_outline(item, (x0, top, x1, bottom), window, curved)
        if not hole:
            self._before = len(self.fills)  # what is behind a hole is behind the subpath around it
        if item.fill:
            thin = min(width, height) <= RULE_THICKNESS and max(width, height) >= RULE_ASPECT * min(width, height)
            if straight and thin:
                self._add_rule(middle_line(x0, top, x1, bottom), window)
            elif straight and width > 0 and height > 0:
                behind = self._find_behind((x0 + x1) / 2, (top + bottom) / 2, self._before) if hole else None
                colour, own = (behind, PaintState()) if hole else (to_rgb(item.non_stroking_color), look)
                self._add_fill(intersect((x0, top, x1, bottom), window), colour, own)
            elif not item.stroke:
                self._add_picture((x0, top, x1, bottom), window)
        if item.stroke:
            if straight:
                for (ax, ay), (bx, by) in itertools.pairwise(points):
                    self._add_stroke(ax, ay, bx, by, window)
                if len(points) > 2 and (item.original_path or ((),))[-1][:1] == ("h",):
                    self._add_stroke(*points[-1], *points[0], window)
            else:
                self._add_picture((x0, top, x1, bottom), window)

    def _find_outline(self, item: Any, box: Rectangle, window: Rectangle, curved: bool) -> Iterator[Outline]:  # noqa: ANN401
        """Return a subpath as it may be that of a letter, where it shows."""
        x0, top, x1, bottom = intersect(box, window)
        if x0 >= x1 or top >= bottom or not LETTER_HEIGHTS[0] <= bottom - top <= LETTER_HEIGHTS[1]:
            return
        colour = to_rgb(item.non_stroking_color if item.fill else item.stroking_color)
        behind = self._find_behind((x0 + x1) / 2, (top + bottom) / 2)
        if not same_colour(colour, behind):
            yield Outline((x0, top, x1, bottom), curved)

    def _window(self, look: PaintState) -> Rectangle:
        """Return what the clipping path leaves, in the visible page's coordinates."""
        x0, low, x1, high = look.clip
        return x0 - self.left, self.high - high, x1 - self.left, self.high - low

    def _add_rule(self, rule: Rule, window: Rectangle) -> None:
        self.rules += map(Rule._make, cut(rule, window))

    def _add_picture(self, box: Rectangle, window: Rectangle) -> None:
        self.pictures += map(Picture._make, cut(box, window))

    def _add_fill(self, box: Rectangle, colour: Colour | None, look: PaintState) -> None:
        """Add a filled rectangle, in the colour that it shows: what is below shines through half-transparent ones."""
        x0, top, x1, bottom = (round_place(value) for value in box)
        if x0 >= x1 or top >= bottom:
            return
        if colour is not None and not look.covers:
            behind = self._find_behind((x0 + x1) / 2, (top + bottom) / 2)
            if behind is None or (look.blends and look.fill < 1):
                colour = None
            else:  # highlights multiply
                share, pairs = look.fill, zip(colour, behind, strict=True)
                red, green, blue = (a * b if look.blends else share * a + (1 - share) * b for a, b in pairs)
                colour = red, green, blue
        fill = Fill(x0, top, x1, bottom, colour if colour is not None else UNKNOWN_COLOUR)
        self.fills.append(fill)
        if colour is None:
            self._unknown.append(fill[:4])
        if fill.colour not in self._fill_colours:
            self._fill_colours.add(fill.colour)
            self._near_fills.clear()

    def _cover(self, cover: Cover) -> None:
        """Conceal the glyphs that something opaque is painted over."""
        if not (self.glyphs or cover.picture):
            return
        x0, y0, x1, y1 = cover.box
        if not all(map(math.isfinite, (x0, y0, x1, y1))) or x0 >= x1 or y0 >= y1:
            return
        top, bottom = self.high - y1, self.high - y0
        if cover.picture:
            self._unknown.append((x0 - self.left, top, x1 - self.left, bottom))
            if cover.sure:
                self._covering.append(self._unknown[-1])
        # Lines by their rounded upper edge: those that may lie below it.
        lines = range(math.floor(max(top - self._tallest, -1.0)), math.ceil(min(bottom, self.height + 1.0)) + 1)
        for shelf in filter(None, map(self._lines.get, lines)):
            for placed in shelf.values():
                for left, glyph_top, index in placed:
                    glyph = self.glyphs[index]
                    width, height = glyph.x1 - left, glyph.bottom - glyph_top
                    if glyph.concealed or not x0 <= left + width / 2 + self.left <= x1:
                        continue
                    held = cover.measure_share(self.left + left, self.high - glyph_top, width, height)
                    # What is no larger than a letter may be that letter, drawn once more as an outline.
                    larger = not cover.path or (x1 - x0 > width and bottom - top > height)
                    if cover.sure and larger and held >= COVERED_SHARE:
                        if cover.picture:
                            self._under_pictures[index] = None
                        else:
                            self.glyphs[index] = glyph._replace(concealed="covered")
                    elif held:
                        self._doubts.setdefault(index, "covered")

    def _add_stroke(self, ax: float, ay: float, bx: float, by: float, window: Rectangle) -> None:
        if max(abs(ax - bx), abs(ay - by)) > STRAIGHT:
            self._add_rule(middle_line(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)), window)

    def finish(self, draw: Callable[..., PagePicture | None] = lambda *_: None) -> Page:
        """Return the page, turned so that most of its text is upright.

        Glyphs that can't be seen are counted by region and left out: what is hidden on purpose goes no further.

        Args:
            draw: Gives the picture of the page, where it has to decide, or of a part of it.
        """
        self._settle_pictures(draw)
        self._settle_inkless()
        self._settle_doubts(draw)
        conceal_blanks(self.glyphs)
        self.shadows = fold_shadows(self.glyphs, self._paints)
        composed, accents = compose(self.glyphs, self._alike)
        for index, text in composed.items():
            glyph = self.glyphs[index]
            self.glyphs[index] = glyph._replace(text=text, copies=glyph.copies + 1)
        kept = [
            index
            for index, glyph in enumerate(self.glyphs)
            if index not in accents and index not in self.shadows and glyph.concealed in ("", "text_layer")
        ]
        seen, directions = [self.glyphs[index] for index in kept], [self.directions[index] for index in kept]
        self.kept = kept
        pairs = zip(seen, directions, strict=True) if any(directions) else ()
        counts = Counter(direction for glyph, direction in pairs if direction >= 0 and glyph.text.strip())
        size = self.width, self.height
        turned: Any = max(counts, key=lambda key: (counts[key], -key), default=0)
        # What is built here needs no check of its 140,000 numbers; artefacts that are read back are checked.
        page = Page.model_construct(
            number=self.number,
            width=round_place(self.width),
            height=round_place(self.height),
            fonts=tuple(self.fonts),
            glyphs=Glyphs(seen),
            rules=tuple(dict.fromkeys(self.rules)),
            fills=tuple(self.fills),
            links=self.links,
            pictures=tuple(self.pictures),
            concealed=tuple(find_regions(self.glyphs, accents)),
            drawn=(*find_drawn(self._outlines, self._images, self.pictures, seen, size, draw), *self._apart),
        )
        return turn_page(page, turned, tuple(directions)) if turned else page

    def _alike(self, one: int, other: int) -> bool:
        """Return whether two glyphs run in one direction, and both can be seen, and are no shadows."""
        glyphs, directions = self.glyphs, self.directions
        if not self.shadows.isdisjoint((one, other)):
            return False
        return directions[one] == directions[other] and not glyphs[one].concealed and not glyphs[other].concealed

    def _settle_inkless(self) -> None:
        """Doubt that text without ink is hidden where its letters are drawn as well: it says what is drawn."""
        reasons = ("transparent", "invisible")
        without = [index for index, glyph in enumerate(self.glyphs) if self._outlines and glyph.concealed in reasons]
        for index in find_outlined(self.glyphs, without, self._outlines):
            self._doubts[index] = self.glyphs[index].concealed
            self.glyphs[index] = self.glyphs[index]._replace(concealed="")
            self._inkless.discard(index)

    def _settle_doubts(self, draw: Callable[[], PagePicture | None]) -> None:
        """Have the picture of the page decide on glyphs that may be hidden."""
        doubts = {
            index: reason
            for index, reason in self._doubts.items()
            if self.glyphs[index].concealed in ("", reason) and not self.glyphs[index].text.isspace()
        }
        picture = draw() if doubts else None
        if picture is None:
            return
        for index, reason in doubts.items():
            glyph = self.glyphs[index]
            if index in self._inkless:
                shown = picture.shows_apart(glyph, self._find_certain(glyph), self.rules)
            else:
                shown = picture.shows(glyph[1:5])
            concealed: Concealment = "" if shown else reason
            if concealed != glyph.concealed:
                self.glyphs[index] = glyph._replace(concealed=concealed)

    def _find_certain(self, glyph: Glyph) -> Iterator[Glyph]:
        """Find the glyphs that are certainly seen, and may be where one is of which only the picture says it."""
        lines = range(math.floor(glyph.top - self._tallest), math.ceil(glyph.bottom) + 1)
        for shelf in filter(None, map(self._lines.get, lines)):
            for left, _, index in itertools.chain.from_iterable(shelf.values()):
                other = self.glyphs[index]
                if left < glyph.x1 and other.x1 > glyph.x0 and not other.concealed and index not in self._inkless:
                    yield other

    def _settle_pictures(self, draw: Callable[[], PagePicture | None]) -> None:
        """Distinguish a scan, whose text is behind its picture or invisible, from text that a picture hides."""
        invisible = any(glyph.concealed == "invisible" for glyph in self.glyphs)
        if not self._under_pictures and not (invisible and self.pictures):
            return
        own = sum(
            not glyph.concealed and index not in self._under_pictures and not glyph.text.isspace()
            for index, glyph in enumerate(self.glyphs)
        )
        under, layer = self._under_pictures.keys(), set[int]()
        if is_scan(self._covering, self.width, self.height, own):
            layer = find_layer(self.glyphs, under, draw())
        for index in under - layer:
            self.glyphs[index] = self.glyphs[index]._replace(concealed="covered")
        if invisible and is_scan(self.pictures, self.width, self.height, own):
            behind = [
                index for index, glyph in enumerate(self.glyphs) if glyph.concealed == "invisible" and glyph.size > 0
            ]
            for index in find_layer(self.glyphs, behind, draw()):
                self.glyphs[index] = self.glyphs[index]._replace(concealed="text_layer")
