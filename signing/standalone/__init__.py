"""Programs for somebody who has nothing else of ours: copied as they are, importing nothing from here."""
