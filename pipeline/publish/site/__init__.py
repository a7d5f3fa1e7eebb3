"""The catalogue: a static site of the extracted editions, which needs nothing but a browser.

Reads `extracted/*/`, for pictures the source PDFs too; writes a folder that opens from a disk and from any static host.

======== ===================================================================================
module   what it does
======== ===================================================================================
content  gathers what the pages show: cards, a practice's rows, the dictionary
pictures draws the pages that may be shown, with concealed text painted over
feed     lists what has changed, as RSS
build    renders the templates, and writes the folder whole or not at all
======== ===================================================================================
"""
