"""What stages share about lines of text: paragraphs, leading, habits, fonts, languages."""
