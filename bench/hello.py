"""The bare Flask application that pages are measured against."""

from __future__ import annotations

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    """Nothing else."""
    return "hello"
