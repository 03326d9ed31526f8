"""The only Flask: people reach the services through these pages."""
