"""The review page of an edition: page pictures next to the extracted values, in one HTML file.

Reads the output files of an edition (`ValidatedEdition`), its source PDF and, where there are some, its goldens; writes
`<edition>.html`, which needs nothing but a browser. No stage of the pipeline knows of this package.

=========== ==========================================================================
module      what it does
=========== ==========================================================================
evidence    says how each row was found, and where that evidence is weak
cards       what the page shows, as plain values
view        gathers all that, and the differences of `pipeline.quality.accuracy`, into cards
page        renders the view by the templates
=========== ==========================================================================
"""
