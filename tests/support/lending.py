"""PostgreSQL databases that are emptied and lent again: making one costs twenty times as much.

The template keeps beside its tables (schema `pristine`) the rows that migrations wrote, where its sequences stood,
and a function that brings a copy back to that. A database whose tables, triggers, rights, settings or statistics
are not the template's any more is dropped, and so is one after `USES` tests, before its dead rows make it slow. It
comes back under another name: a process that a test forgot does not find it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import LiteralString

import psycopg
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from tests.support import postgresql
from workflow.store import migrate

USES = 60

PRISTINE = """
CREATE SCHEMA pristine;
CREATE TABLE pristine.sequence AS
  SELECT sequencename AS name, start_value, last_value FROM pg_sequences WHERE schemaname = 'public';
CREATE TABLE pristine.filled (name text, columns text);

CREATE FUNCTION pristine.fingerprint() RETURNS text LANGUAGE sql AS $$
  SELECT md5(concat(
    (SELECT string_agg(concat(c.oid, c.relname, c.relkind, c.relacl::text, c.relhastriggers, c.reltuples), ' '
       ORDER BY c.oid) FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace),
    (SELECT string_agg(concat(a.attrelid, a.attname, a.atttypid, a.attnotnull, a.attisdropped, a.attacl::text), ' '
       ORDER BY a.attrelid, a.attnum) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
       WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0),
    (SELECT string_agg(concat(oid, convalidated), ' ' ORDER BY oid) FROM pg_constraint),
    (SELECT string_agg(concat(oid, tgenabled), ' ' ORDER BY oid) FROM pg_trigger),
    (SELECT string_agg(concat(oid, md5(prosrc), proacl::text), ' ' ORDER BY oid) FROM pg_proc WHERE oid > 16383),
    (SELECT string_agg(concat(nspname, nspacl::text), ' ' ORDER BY oid) FROM pg_namespace
       WHERE nspname !~ '^pg_(temp|toast)'),
    (SELECT string_agg(concat(s.setrole, s.setconfig::text), ' ' ORDER BY s.setrole) FROM pg_db_role_setting s
       JOIN pg_database d ON d.oid = s.setdatabase WHERE d.datname = current_database()),
    (SELECT concat(d.datacl::text) FROM pg_database d WHERE d.datname = current_database()),
    (SELECT count(*) FROM pg_statistic st JOIN pg_class c ON c.oid = st.starelid
       WHERE c.relnamespace = 'public'::regnamespace)
  ))
$$;

CREATE FUNCTION pristine.clean() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  one record;
BEGIN
  PERFORM set_config('session_replication_role', 'replica', true);  -- no foreign keys, no append-only triggers
  FOR one IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
      AND pg_relation_size(oid) > 0 LOOP  -- to plan the others' deletion costs as much as all the rest
    EXECUTE format('DELETE FROM public.%I', one.relname);
  END LOOP;
  FOR one IN SELECT * FROM pristine.filled LOOP
    EXECUTE format('INSERT INTO public.%1$I (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM pristine.%1$I',
                   one.name, one.columns);
  END LOOP;
  PERFORM setval(format('public.%I', name)::regclass, coalesce(last_value, start_value), last_value IS NOT NULL)
    FROM pristine.sequence;
  RETURN pristine.fingerprint();
END
$$;

DO $$
DECLARE
  one record;
  found boolean;
BEGIN
  FOR one IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', one.relname) INTO found;
    IF found THEN
      EXECUTE format('CREATE TABLE pristine.%1$I AS TABLE public.%1$I', one.relname);
      INSERT INTO pristine.filled SELECT one.relname, string_agg(format('%I', attname), ', ' ORDER BY attnum)
        FROM pg_attribute WHERE attrelid = format('public.%I', one.relname)::regclass AND attnum > 0
          AND NOT attisdropped AND attgenerated = '';
    END IF;
  END LOOP;
END
$$;
"""


@dataclass(slots=True)
class Lending:
    """One worker's databases. `admin` creates and drops, each statement by itself."""

    admin: Engine
    socket: str
    worker: str
    _free: list[tuple[str, int]] = field(default_factory=list)
    _serial: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _wanted: str = ""

    @property
    def template(self) -> str:
        """Its name; nobody opens it."""
        return f"template_{self.worker}"

    def lay_down(self) -> None:
        """Make the template: migrated, with what it needs to become so again."""
        self._tell(f'CREATE DATABASE "{self.template}"')
        migrate.upgrade(postgresql.url(self.socket, self.template))
        self._wanted = self._asked(self.template, PRISTINE, "SELECT pristine.fingerprint()")

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The URL of a database that is like the template and nobody else's."""
        name, uses = self._free.pop() if self._free else (self._made(), 0)
        yield postgresql.url(self.socket, name)
        if (again := self._cleaned(name)) and uses + 1 < USES:
            self._free.append((again, uses + 1))
        else:
            self._tell(f'DROP DATABASE "{again or name}" WITH (FORCE)')

    def _made(self) -> str:
        name = self._name()
        self._tell(f'CREATE DATABASE "{name}" TEMPLATE "{self.template}" STRATEGY FILE_COPY')
        return name

    def _name(self) -> str:
        return f"test_{self.worker}_{next(self._serial)}"

    def _cleaned(self, name: str) -> str:
        """The name that a database has now; empty where it is not what it was."""
        again = self._name()
        try:
            self._tell(
                f"SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE datname = '{name}'"
            )
            self._tell(f'ALTER DATABASE "{name}" RENAME TO "{again}"')
        except DBAPIError:
            return ""
        try:
            same = self._asked(again, "SELECT pristine.clean()") == self._wanted
        except psycopg.Error:  # a test took away what the function needs
            same = False
        if not same:
            self._tell(f'ALTER DATABASE "{again}" RENAME TO "{name}"')
        return again if same else ""

    def _tell(self, statement: str) -> None:
        with self.admin.connect() as connection:
            connection.execute(text(statement))

    def _asked(self, name: str, *statements: LiteralString) -> str:
        """What the last of some statements answers; straight on the driver, to which `%I` is no placeholder."""
        with psycopg.connect(host=self.socket, user="postgres", dbname=name, autocommit=True) as connection:
            for statement in statements[:-1]:
                connection.execute(statement)
            ((answer,),) = connection.execute(statements[-1])
        return str(answer)
