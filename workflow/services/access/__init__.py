"""Who could see or sign what on a day, reviews of it, and looks at personal numbers."""
