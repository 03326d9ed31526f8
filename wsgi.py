"""The WSGI entry: `granian --interface wsgi wsgi:app`."""

from workflow.config import from_environment
from workflow.web import logs
from workflow.web.app import create_app

logs.configure()
app = create_app(from_environment())
