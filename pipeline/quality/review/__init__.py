"""The review page of an edition: page pictures beside the extracted values, in one HTML file.

Reads the output files of an edition (`ValidatedEdition`), its source PDF and, where there are some, its goldens; writes
`<edition>.html`, which needs nothing but a browser. No stage of the pipeline knows of this package.

=========== ==========================================================================
module      what it does
=========== ==========================================================================
images      draws the source's pages
evidence    says how each row was found, and where that evidence is weak
differences compares an edition with its goldens, by `pipeline.quality.accuracy`
view        gathers all that into cards, marks and filters: what the page shows
page        renders the view by the templates
=========== ==========================================================================
"""
