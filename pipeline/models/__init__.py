"""The typed, frozen artefacts that flow between the stages, and what they are made of.

========= ============================================================ =====================
module    holds                                                        written by
========= ============================================================ =====================
artefact  `Stored`: any stage's artefact with the facts of its edition (shared)
geometry  `Box`: where something is                                    (shared)
page      `Source`, its `Page`s: glyphs, rules, fills, links, tags     read
layout    `PageLayout`: tables of cells, free lines                    segment
row       `Document`: rows and text blocks in reading order            stitch
chapter   `Chapters`: headings with their rows                         chapter
record    `Record`: rows by field; `NormalisedRecord`: their parts     map, normalise
practice  `Practice`: the contract's JSON                              validate
edition   what is known of an edition, and all its pages or practices  every stage
report    `Issue`: what a maintainer should know                       every stage
data_file reads lexicons and sidecars (YAML) into models               (shared)
========= ============================================================ =====================
"""
