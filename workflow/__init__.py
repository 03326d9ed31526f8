"""Trình Ký: documents come in and go out of public offices through approval states."""
