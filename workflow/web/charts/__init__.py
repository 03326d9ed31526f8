"""Charts as numbers for inline SVG: templates draw them with classes, without script and without inline styles.

Each stands beside a table with the same figures; shape and words carry what colour carries too.
"""
