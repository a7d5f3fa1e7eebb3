"""Runs a page's content, its forms and the appearances of its annotations, and keeps what pdfminer leaves out of it.

That is what decides whether something can be seen: the clipping path, opacity and blend modes (`gs`), layers, and the
box of a form. Colour spaces that can't be read are left out one by one, wherever they are.
"""

# pdfminer hands over objects of no one type.
# ruff: noqa: ANN401, N802

import math
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from pdfminer.pdfinterp import LITERAL_FORM
from pdfminer.pdftypes import PDFStream, resolve1, stream_value
from pdfminer.psparser import PSLiteral, literal_name
from pdfminer.utils import apply_matrix_pt, mult_matrix

from pipeline.errors import describe_error
from pipeline.stages.read.annotations import transform
from pipeline.stages.read.content_stream import Interpreter
from pipeline.stages.read.drawn import (
    UNDRAWN,
    Cover,
    GlyphRun,
    PaintState,
    Rectangle,
    bounds,
    intersect,
    is_rectangle,
    split,
)
from pipeline.stages.read.layers import Layers
from pipeline.stages.read.objects import get, known_faults, read_dict, read_int, read_matrix, read_name, read_rectangle
from pipeline.stages.read.repair import TOO_DEEP
from pipeline.stages.read.spaces import INITIAL_CMYK, OWN_SPACES, FileSpace

MOST_FORMS: Final = 64
"""Depth of forms within forms from which on they are left out: sound files go five deep."""
FORMS_READ_TWICE: Final = 40
"""Depth from which on pdfium leaves them out (its `kMaxFormLevel`)."""
MAY_SHOW: Final = re.compile(rb"T[jJ]\b|['\"]\s|\bDo\b|/\S+\s+(?:scn|SCN)\b")
"""What shows text, draws a form or a picture, or paints with a pattern: a map's pattern is thousands of plain lines."""
NORMAL_MODES: Final = ("Normal", "Compatible")
"""Blend modes by which what is painted replaces what is below (ISO 32000-1, table 136)."""


class PageInterpreter(Interpreter):
    """The interpreter of content streams.

    Attributes:
        layers: The file's layers.
        missing: What could not be read, in words.
        depth: Number of forms that this one is within.
    """

    device: Any
    layers: Layers
    missing: list[str]
    fontmap: Any
    xobjmap: Any
    csmap: Any
    depth = 0
    outer_fill = 1.0
    outer_blends = False
    outer_state: tuple[Any, Any] | None = None

    def dup(self) -> Any:
        """Return an interpreter for a form."""
        inner: Any = super().dup()
        inner.layers, inner.missing, inner.depth = self.layers, self.missing, self.depth + 1
        return inner

    def init_resources(self, resources: Any) -> None:
        """Prepare resources; a colour space that can't be read is left out."""
        found = {key: resolve1(value) for key, value in (resources or {}).items()}
        spaces, known = found.pop("ColorSpace", None), {}
        for name, space in read_dict(spaces).items():
            try:
                super().init_resources({"ColorSpace": {name: space}})
                if name in self.csmap:
                    known[name] = one = self.csmap[name]
                    if one.name in OWN_SPACES:
                        known[name] = FileSpace(one.name, one.ncomponents, resolve1(space))
            except known_faults() as error:
                self.missing.append(f"the colour space {name} can't be read: {describe_error(error)}")
        super().init_resources(found)
        self.csmap |= known
        self.resources = resources or {}

    def init_state(self, ctm: Any) -> None:
        """Begin a content stream: it inherits how things are painted."""
        super().init_state(ctm)
        self.graphicstate.linewidth = 1  # ISO 32000-1, table 52; pdfminer begins with none
        if self.outer_state is not None:
            self.textstate, self.graphicstate = (state.copy() for state in self.outer_state)
        self.origin = ctm
        self.looks: list[PaintState] = []
        self.pending_clip = False
        self.device.resources = self.resources

    def do_q(self) -> None:
        """Save the graphics state."""
        super().do_q()
        self.looks.append(self.device.look)

    def do_Q(self) -> None:
        """Restore the graphics state."""
        super().do_Q()
        if self.looks:
            self.device.look = self.looks.pop()

    def do_gs(self, name: Any) -> None:
        """Take opacity, blend mode, soft mask and font from a dictionary of graphics state parameters."""
        state = get(get(self.resources, "ExtGState"), read_name(name))
        if not isinstance(state, dict):
            return
        look: PaintState = self.device.look
        fill, stroke = resolve1(state.get("ca")), resolve1(state.get("CA"))
        if isinstance(fill, (int, float)):
            look = look._replace(fill=self.outer_fill * min(max(float(fill), 0.0), 1.0))
        if isinstance(stroke, (int, float)):
            look = look._replace(stroke=self.outer_fill * min(max(float(stroke), 0.0), 1.0))
        if "BM" in state or "SMask" in state:
            mode = resolve1(state.get("BM"))
            mode = resolve1(mode[0]) if isinstance(mode, list) and mode else mode
            blends = mode is not None and getattr(mode, "name", "") not in NORMAL_MODES
            masks = isinstance(resolve1(state.get("SMask")), dict)
            look = look._replace(
                blends=blends or masks or self.outer_blends, doubt="transparent" if masks else look.doubt
            )
            if "SMask" in state:
                look = look._replace(letters=self.find_letters(resolve1(state["SMask"])) if masks else ())
        self.device.look = look
        font = resolve1(state.get("Font"))
        if isinstance(font, list) and len(font) == 2 and isinstance(resolve1(font[0]), dict):
            self.textstate.font = self.rsrcmgr.get_font(getattr(font[0], "objid", None), resolve1(font[0]))
            size = resolve1(font[1])
            self.textstate.fontsize = size if isinstance(size, (int, float)) else self.textstate.fontsize

    def do_W(self) -> None:
        """Clip by the path, once it is painted or ended."""
        self.pending_clip = True
        path = [
            apply_matrix_pt(self.ctm, point)
            for part in self.curpath
            for point in zip(part[1::2], part[2::2], strict=False)
        ]
        if path and all(math.isfinite(value) for point in path for value in point):
            look: PaintState = self.device.look
            doubt = look.doubt if is_rectangle(path) else "clipped"
            letters = look.letters if is_rectangle(path) else self._divide_path()
            self.clip = look._replace(clip=intersect(look.clip, bounds(path)), doubt=doubt, letters=letters)
        else:
            self.pending_clip = False

    def _divide_path(self) -> tuple[tuple[Rectangle, bool], ...]:
        """Return the boxes of the path's subpaths, and whether they have curves: letters, where a text is the path."""
        parts = split(self.curpath, lambda _, part, __: part[0] == "m")
        found = []
        for part in parts:
            points = [point for each in part for point in zip(each[1::2], each[2::2], strict=False)]
            if points:
                box = bounds([apply_matrix_pt(self.ctm, point) for point in points])
                found.append((box, any(each[0] in "cvy" for each in part)))
        return tuple(found)

    def find_letters(self, mask: Any) -> tuple[tuple[Rectangle, bool], ...]:
        """Return the boxes of the letters that a soft mask draws: they show where something is painted through it."""
        form, device = resolve1(mask.get("G")), self.device
        if not isinstance(form, PDFStream) or form.objid in device.textless:
            return ()
        state, start, missing = dict(vars(device)), len(device.drawn), len(self.missing)
        with suppress(*known_faults()):
            self.run_form(form, mult_matrix(read_matrix(form.get("Matrix")), self.ctm), inherits=False)
        runs = [item for item in device.drawn[start:] if isinstance(item, GlyphRun)]
        vars(device).update(state | {"endless": device.endless})
        del device.drawn[start:], self.missing[missing:]
        if not runs:
            device.textless.add(form.objid)
        return tuple(((x0, run.y0, x1, run.y1), True) for run in runs for text, x0, x1 in run.glyphs if text.strip())

    do_W_a = do_W  # noqa: N815 - by the path's even-odd inside

    def end_path(self) -> None:
        """Begin to clip, where a clipping path was given."""
        if self.pending_clip:
            self.pending_clip = False
            self.device.look = self.clip

    def do_sh(self, name: Any) -> None:  # noqa: ARG002 - pdfminer counts an operator's operands
        """Paint a shading: it fills what the clipping path leaves."""
        look: PaintState = self.device.look
        self.device.paint_letters()
        if all(map(math.isfinite, look.clip)) and look.covers and not self.device.hidden:
            self.device.drawn.append(Cover(look.clip, picture=True, sure=not look.doubt))

    def run_pattern(self, name: Any) -> None:
        """Run the first cell of a tiling pattern, kept where it shows text: no reader takes that for the page's."""
        pattern, device = get(get(self.resources, "Pattern"), str(name)), self.device
        if not isinstance(pattern, PDFStream) or pattern.objid in device.textless:
            return
        if MAY_SHOW.search(pattern.get_data()) is None:
            return
        look, start = device.look, len(device.drawn)
        device.look = look._replace(doubt="clipped")
        self.run_form(pattern, mult_matrix(read_matrix(pattern.get("Matrix")), self.origin), inherits=False)
        device.look = look
        if not any(isinstance(item, GlyphRun) for item in device.drawn[start:]):
            del device.drawn[start:]
            device.textless.add(pattern.objid)

    def do_cs(self, name: Any) -> None:
        """Choose a colour space, which begins with a colour of its own (ISO 32000-1, table 74)."""
        super().do_cs(name)
        self.graphicstate.ncolor = _initial(self.graphicstate.ncs)

    def do_CS(self, name: Any) -> None:
        """Choose a colour space for strokes."""
        super().do_CS(name)
        self.graphicstate.scolor = _initial(self.graphicstate.scs)

    def do_scn(self) -> None:
        """Choose a colour."""
        self._set_colour("ncs", "ncolor", super().do_scn)

    def do_SCN(self) -> None:
        """Choose a colour for strokes."""
        self._set_colour("scs", "scolor", super().do_SCN)

    def _set_colour(self, kind: str, name: str, usual: Callable[[], None]) -> None:
        space = getattr(self.graphicstate, kind)
        if isinstance(space, FileSpace):
            setattr(self.graphicstate, name, space.convert(self.pop(space.ncomponents)))
        else:
            usual()

    def do_ET(self) -> None:
        """End a text object: letters that clip, clip what comes."""
        super().do_ET()
        if self.device.clips:
            self.device.clips = False
            self.device.look = self.device.look._replace(doubt="clipped")

    def do__w(self, aw: Any, ac: Any, s: Any) -> None:
        """Set the spacing, and show text on the next line (ISO 32000-1, table 109); pdfminer stays on this one."""
        self.do_Tw(aw)
        self.do_Tc(ac)
        self.do__q(s)

    def do_BDC(self, tag: Any, props: Any) -> None:
        """Begin marked content; its properties may be among the resources."""
        if isinstance(props, PSLiteral):
            props = read_dict(self.resources.get("Properties")).get(literal_name(props))
        super().do_BDC(tag, props)
        if isinstance(tag, PSLiteral) and literal_name(tag) == "OC" and not self.layers.shows(props):
            self.device.hidden = True

    def do_EI(self, obj: Any) -> None:
        """Paint a picture that is in the content."""
        if hasattr(obj, "attrs") and obj.attrs.keys() & {"W", "Width"}:
            self.device.render_image("", obj)

    def do_Do(self, xobjid_arg: Any) -> None:
        """Paint a form or a picture."""
        name = literal_name(xobjid_arg)
        if name not in self.xobjmap:
            self.missing.append(f"the form or picture {name} is not among the resources")
            return
        found = stream_value(self.xobjmap[name])
        hidden = self.device.hidden
        if "OC" in found and not self.layers.shows(found.attrs["OC"]):
            self.device.hidden = True
        subtype = found.get("Subtype")
        if subtype is LITERAL_FORM:
            self.run_form(found, mult_matrix(read_matrix(found.get("Matrix")), self.ctm))
        elif getattr(subtype, "name", "") == "Image":
            self.device.render_image("", found)
        self.device.hidden = hidden

    def run_form(self, form: Any, ctm: Any, *, inherits: bool = True) -> None:
        """Run a form.

        Args:
            form: Its stream.
            ctm: From its space to the page's.
            inherits: False where it begins with the initial graphics state: in an annotation or a pattern.
        """
        device, form_box = self.device, read_rectangle(form.get("BBox"))
        if circular := form.objid in self.stream_ids | self.parent_stream_ids:
            device.endless = True
            self.missing.append("a form or pattern is drawn by itself")
        elif self.depth >= MOST_FORMS:
            self.missing.append(TOO_DEEP)
        elif form_box is None:
            self.missing.append("a form has no box of four numbers")
        if circular or self.depth >= MOST_FORMS or form_box is None:
            return
        inner: Any = self.subinterp()
        look, state = device.look, vars(device)
        outer = {name: state[name] for name in ("look", "parents", "mark", "spans", "hidden", "resources")}
        resources = resolve1(form.get("Resources"))
        aslant = bool(ctm[0] and ctm[1])
        clip = intersect(look.clip, transform(ctm, form_box))
        device.look = look._replace(clip=clip, doubt="clipped" if aslant else look.doubt)
        inner.outer_fill, inner.outer_blends = self.outer_fill, self.outer_blends
        if inherits:
            inner.outer_state = self.textstate, self.graphicstate
        if isinstance(resolve1(form.get("Group")), dict):
            # A group is painted as a whole: inside it, opacity begins anew (ISO 32000-1, 11.6.6).
            inner.outer_fill, inner.outer_blends = look.fill, look.blends
            device.look = device.look._replace(stroke=look.fill)
        device.parents, device.spans = read_int(form.get("StructParents")), []
        if self.depth >= FORMS_READ_TWICE:
            device.mark = UNDRAWN
        inner.render_contents(resources if isinstance(resources, dict) else dict(self.resources), [form], ctm=ctm)
        state.update(outer)
        device.set_ctm(self.ctm)


def _paint(name: str) -> Callable[[Any], None]:
    """Make the method of an operator that paints or ends a path: a clipping path is in force from then on."""

    def paint(self: Any) -> None:
        getattr(Interpreter, name)(self)
        self.end_path()
        state = self.graphicstate
        if state.ncs.name == "Pattern" and name not in ("do_S", "do_n"):
            self.run_pattern(state.ncolor)
        if state.scs.name == "Pattern" and name in ("do_S", "do_B", "do_B_a"):
            self.run_pattern(state.scolor)

    return paint


for _operator in ("do_n", "do_S", "do_f", "do_f_a", "do_B", "do_B_a"):
    setattr(PageInterpreter, _operator, _paint(_operator))


def _initial(space: Any) -> Any:
    if isinstance(space, FileSpace):
        return space.initial()
    return INITIAL_CMYK if space.name == "ICCBased" and space.ncomponents == len(INITIAL_CMYK) else 0
