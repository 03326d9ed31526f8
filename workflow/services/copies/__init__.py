"""Certified copies: asked for, approved, numbered, sealed or printed, cancelled; and who may sign them."""

from workflow.services.copies.asking import Asked, Made, ask
from workflow.services.copies.cancelling import cancel
from workflow.services.copies.deciding import approve, decline
from workflow.services.copies.naming import name_signer, take_back
from workflow.services.copies.numbering import give_out, number
from workflow.services.copies.printing import printed
from workflow.services.copies.sealing import finish, fix, open_session, prepare, prepared_file
from workflow.services.copies.settling import settle_one

__all__ = [
    "Asked",
    "Made",
    "approve",
    "ask",
    "cancel",
    "decline",
    "finish",
    "fix",
    "give_out",
    "name_signer",
    "number",
    "open_session",
    "prepare",
    "prepared_file",
    "printed",
    "settle_one",
    "take_back",
]
