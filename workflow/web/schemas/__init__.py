"""Shapes of what people send: never rules, which are the services' business."""
