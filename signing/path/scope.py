"""Which certificates, and which reasons of revocation, a list speaks about (RFC 5280, 6.3.3 b and d)."""

from __future__ import annotations

from signing.path.crl import Crl
from signing.path.extensions import ALL_REASONS, DistributionPoint, IssuingPoint
from signing.path.general_names import GeneralName, NameForm
from signing.path.model import Certificate
from signing.path.names import Name, relative_to

_NO_POINT = IssuingPoint()
_NOTHING: frozenset[str] = frozenset()


def reasons_covered(crl: Crl, certificate: Certificate) -> frozenset[str]:
    """The reasons about which this list may answer for this certificate; empty when it is out of its scope."""
    point = crl.point or _NO_POINT
    is_own = crl.issuer == certificate.issuer
    if point is _NO_POINT and is_own:
        return ALL_REASONS
    if point.only_attributes or (point.only_users and certificate.is_authority):
        return _NOTHING
    if point.only_authorities and not certificate.is_authority:
        return _NOTHING
    listed = _list_names(crl, point)
    covered = _NOTHING
    for item in certificate.points:
        if _is_point_of(item, crl, certificate, listed):
            covered |= ALL_REASONS if item.reasons is None else item.reasons
    if is_own and (not listed or GeneralName(NameForm.DIRECTORY, certificate.issuer) in listed):
        covered = ALL_REASONS  # the point that every certificate has without saying so
    return covered & ALL_REASONS & (ALL_REASONS if point.reasons is None else point.reasons)


def _list_names(crl: Crl, point: IssuingPoint) -> frozenset[GeneralName]:
    if point.relative is not None:
        return frozenset({GeneralName(NameForm.DIRECTORY, relative_to(crl.issuer, point.relative))})
    return frozenset(point.names)


def _is_point_of(
    item: DistributionPoint, crl: Crl, certificate: Certificate, listed: frozenset[GeneralName]
) -> bool:
    """Issuer as the point says, and a name in common where the list names its own point."""
    if item.issuers:
        if not crl.is_indirect or GeneralName(NameForm.DIRECTORY, crl.issuer) not in item.issuers:
            return False
    elif crl.issuer != certificate.issuer:
        return False
    return not listed or bool(listed & _point_names(item, certificate))


def _point_names(item: DistributionPoint, certificate: Certificate) -> frozenset[GeneralName]:
    if item.relative is not None:
        above = next((one.value for one in item.issuers if isinstance(one.value, Name)), certificate.issuer)
        return frozenset({GeneralName(NameForm.DIRECTORY, relative_to(above, item.relative))})
    return frozenset(item.names or item.issuers)
