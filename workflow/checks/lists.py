"""Which checks are run when. A new check is one function and one line here."""

from __future__ import annotations

from workflow.checks import Check, backups, database, environment, machine, network, trust

BEFORE_SERVING: tuple[Check, ...] = (
    environment.secret,
    environment.debug,
    environment.demo,
    environment.address,
    environment.proxy,
    environment.mail,
    environment.ways,
    environment.remote_signing,
    environment.arrivals,
    environment.fetching,
    environment.antivirus,
    environment.key_files,
    environment.stores,
    database.shape,
    database.demo_mark,
    database.demo_roots,
    database.web_role,
)
EVERYTHING: tuple[Check, ...] = (
    *BEFORE_SERVING,
    database.drift,
    machine.disk,
    backups.age,
    backups.place,
    machine.browser_files,
    machine.scan_reading,
    machine.office_files,
    network.smtp,
    network.own_address,
    network.timestamps,
    network.antivirus,
    trust.roots,
    trust.timestamps,
    trust.lists,
    trust.addresses,
    trust.certificates,
    trust.seal_process,
)
