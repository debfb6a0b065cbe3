"""The look: themes, the style sheet, icons, colours, and how a number is written."""
