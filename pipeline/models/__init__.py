"""The typed, frozen artefacts that flow between the stages.

========== =================================================== =====================
module     artefact                                            written by
========== =================================================== =====================
geometry   `Box`: where something is                       (shared)
page       `Page`: glyphs, rules, fills, links                 read
layout     `PageLayout`: tables of cells, free lines           segment
row        `Document`: rows and text blocks in reading order   stitch
chapter    `Chapters`: headings with their rows                chapter
record     `Record`: rows by field, and their parts            map, normalise
practice   `Practice`: the contract's JSON                     validate
edition    all practices of an edition at once                 runner, validate, emit
report     `Issue`: what a maintainer should know               every stage
========== =================================================== =====================
"""
