"""Test factory: typesets editions of known content with real renderers.

Reads nothing that the pipeline writes. Gives `TypesetEdition`: the bytes of a PDF and the truth that was typeset.

========================= ==========================================================
module                    what it holds
========================= ==========================================================
content                   what is printed: `EditionContent` and its parts
texts/*.json              ready contents
layout                    how it is printed: `Layout`, with every axis
truth                     what a reader must find: `EditionTruth`
rendering                 what every renderer gives and how its pages are checked
typst_renderer            Typst (a wheel from PyPI)
chromium_renderer         HTML printed by Chromium (Debian: `chromium`)
libreoffice_renderer      DOCX printed by LibreOffice (Debian: `libreoffice-writer`)
mutations                 what is done to a PDF after typesetting (pikepdf)
matrix                    named cases over the axes
store                     typeset editions kept as files (`tests/fixtures`)
comparing                 how far a stored edition and one typeset again agree
strategies                hypothesis strategies of contents and layouts
========================= ==========================================================
"""
