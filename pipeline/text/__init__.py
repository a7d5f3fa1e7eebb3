"""What stages share about lines of text: paragraphs, leading, fonts, languages."""
