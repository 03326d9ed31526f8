"""Why an address was not asked, or gave nothing."""

from __future__ import annotations

from enum import StrEnum


class FetchReason(StrEnum):
    # before anything is sent
    URL_MALFORMED = "url_malformed"
    SCHEME_REFUSED = "scheme_refused"  # neither http nor https
    PORT_REFUSED = "port_refused"  # neither 80 nor 443
    HOST_NOT_LISTED = "host_not_listed"
    CHAIN_NOT_TRUSTED = "chain_not_trusted"  # the certificate that names the address leads to no listed root
    TOO_MANY = "too_many"  # addresses for one question
    NAME_NOT_FOUND = "name_not_found"
    ADDRESS_REFUSED = "address_refused"  # the name leads into a private or special network
    # on the way
    CONNECTION_FAILED = "connection_failed"
    TLS_FAILED = "tls_failed"
    PROXY_REFUSED = "proxy_refused"
    TOO_SLOW = "too_slow"
    ANSWER_MALFORMED = "answer_malformed"  # not HTTP
    REDIRECT_REFUSED = "redirect_refused"
    STATUS_REFUSED = "status_refused"
    ENCODING_REFUSED = "encoding_refused"  # compressed, though that was not asked for
    TOO_LARGE = "too_large"
    # what came
    CONTENT_UNREADABLE = "content_unreadable"
    RESPONDER_REFUSED = "responder_refused"  # an OCSP responder that says no
