"""A register's year as it may look at its end: used, held and cancelled numbers, and lines of a former system."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from workflow.store.models import ImportedEntry, ImportRun, Register, RegisterNumber, Series
from workflow.store.session import unit_of_work

YEAR = 2026


def register_of(office: Office, code: str = "chung", agency: str = "commune") -> int:
    """The key of a register."""
    with unit_of_work(office.engine) as uow:
        query = select(Register.id).where(Register.agency_id == office.units[agency], Register.code == code)
        return uow.session.scalars(query).one()


def mixed_year(office: Office) -> int:
    """Numbers 1 and 2 from a former system, 3 unknown, 4 to 7 used, 8 held, 9 cancelled, 10 cancelled with its
    document; the register's key."""
    register = register_of(office)
    documents = add_issued(
        office,
        *(
            issued_row(
                office, number=number, symbol=f"{number:02d}/UBND-KT", recipients="Sở Tài chính; Kho bạc",
                subject=f"Việc thứ {number}; phòng, chống bão", register_id=register, secret=number == 6,
                medium="ink" if number == 5 else "digital",
            )
            for number in (4, 5, 6, 7, 10)
        ),
    )  # fmt: skip
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        uow.add(run := import_run(office, register))
        uow.flush()
        for number, key in zip((4, 5, 6, 7, 10), documents, strict=True):
            uow.add(_number(register, number, document_id=key, status="cancelled" if number == 10 else "used"))
        uow.add(_number(register, 8, status="held", reason="chờ tờ trình của Phòng Kinh tế"))
        uow.add(_number(register, 9, status="cancelled", reason="viết nhầm cơ quan nhận"))
        for number in (1, 2):
            uow.add(
                ImportedEntry(
                    register_id=register, year=YEAR, number=number, symbol=f"{number:02d}/UBND-VP",
                    document_date=dt.date(2026, 1, 4 + number), type_name="Công văn", subject=f"Việc cũ {number}",
                    signer="Lê Văn Cũ", parties="Huyện ủy", keeper="Văn phòng", copies="2", import_id=run.id,
                    row_no=number + 1,
                )
            )  # fmt: skip
        uow.add(Series(register_id=register, year=YEAR, last_number=10))
        uow.commit()
    return register


def begun_at(office: Office, first: int, *, lines: int = 2, recipients: tuple[str, ...] = ("Kho bạc",)) -> int:
    """A year whose numbers before `first` stand in another book, and so many lines here; the register's key."""
    register = register_of(office)
    keys = [
        add_issued(
            office,
            issued_row(
                office, number=number, symbol=f"{number}/UBND-KT", recipients=recipients[number % len(recipients)],
                subject=f"Việc thứ {number}", register_id=register,
            ),
        )[0]
        for number in range(first, first + lines)
    ]  # fmt: skip
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        for number, key in enumerate(keys, first):
            uow.add(_number(register, number, document_id=key))
        uow.add(Series(register_id=register, year=YEAR, last_number=first - 1 + lines))
        uow.commit()
    return register


def import_run(office: Office, register: int, kind: str = "outgoing") -> ImportRun:
    """The sheet that the lines came in."""
    return ImportRun(
        agency_id=office.units["commune"], kind=kind, register_id=register, year=YEAR, filename="so-cu.xlsx",
        sha256="0" * 64, state="done", created_at=NOON, created_by_id=office.posts["clerk"].person_id,
    )  # fmt: skip


def _number(
    register: int, number: int, *, document_id: int | None = None, status: str = "used", reason: str = ""
) -> RegisterNumber:
    reason = reason or ("phát hành nhầm" if status == "cancelled" else "")
    return RegisterNumber(
        register_id=register, year=YEAR, number=number, document_id=document_id, status=status, reason=reason,
        drawn_at=NOON, symbol="" if document_id is None else f"{number:02d}/UBND-KT",
    )  # fmt: skip
