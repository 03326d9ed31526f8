"""Keys held by a process: PKCS#12 files and PKCS#11 tokens. Made for a seal process, never for a web worker."""

from signing.holders.file import Pkcs12Key
from signing.holders.key import KeyHolder, KeyUnusable
from signing.holders.token import Pkcs11Key, TokenAddress

__all__ = ["KeyHolder", "KeyUnusable", "Pkcs11Key", "Pkcs12Key", "TokenAddress"]
