"""Kiểm tra gói bằng chứng của Trình Ký mà không cần phần mềm. Checks a proof bundle without the program.

    python verify_bundle.py BUNDLE.zip --roots ROOTS.pem [--root OUTSIDE.json]
Needs `cryptography`, no network. Exit: 0 nothing checked is wrong (read what was not shown), 1 wrong, 2 no bundle. docs/proof-bundle.md
"""

# fmt: off
import argparse
import datetime as dt
import hashlib
import json
import re
import sys
import zipfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp

WORDS = {"zip": "tệp nén · archive", "hash": "mã băm đối tượng · hashes of objects", "leaves": "danh sách lá · leaf lists",
    "proof": "bằng chứng thuộc cây · inclusion proofs", "chain": "chuỗi nhật ký · journal chains", "anchor": "điểm chốt nối nhau · anchors linked",
    "root": "mã gốc giữ ngoài · outside root", "token": "dấu thời gian trên điểm chốt · stamps over anchors", "file": "tệp theo nhật ký · files journalled",
    "cover": "ByteRange phủ trọn tệp · whole file covered", "cms": "chữ ký số · CMS over ByteRange", "path": "tới gốc đã cho · chain to a given root",
    "revocation": "chưa thu hồi, từ lúc ký · not revoked, told since signing", "stamp": "dấu thời gian trong tệp · timestamps in files",
    "verdict": "kết luận đã lưu · stored verdicts", "item": "mục theo chuỗi riêng · items by their own chains", "figure": "số liệu tính lại · figures recounted",
    "standing": "tính là đã ký · counted as signed: shown", "omission": "không bỏ sót · nothing of the period left out"}
SUBJECTS = {"outgoing": "issued unsigned signed_as leader_kind seal_kind timed backlog report", "entered": "entered",
    "incoming": "received carried finished ended open apologies unapologised", "": "demanded given accepted unexplained explained leaders"}
STANDS = ["carried", "unsigned", "open", "unexplained", "leaders", "backlog", "unapologised"]  # at the beginning (the first) or the end of a period
NOT_CHECKED = ("sửa đổi PDF giữa hai chữ ký · changes between signatures (difference analysis)",
    "chính sách, ràng buộc tên, quyền ký; thu hồi của bên cấp dấu thời gian · policies, names, right to sign; revocation of authorities",
    "văn bản đến đúng hạn không, điều nhật ký ghi; phần bị giữ lại · incoming on time, truth of the journal; withheld, attachments",
    "lời văn của báo cáo, chỉ tiêu, so với kỳ trước · the words of a report's file, its targets, the period it is compared with")
STRONG, RSA, PSS, TST = ("sha256", "sha384", "sha512"), "2a864886f70d010101", "2a864886f70d01010a", "2a864886f70d0109100104"
HASHES = {f"608648016503040{n}": one for n, one in ((201, hashes.SHA256()), (202, hashes.SHA384()), (203, hashes.SHA512()))}
SCHEMES = {head + last: name for head, ends in (("2a864886f70d01010", "bcd"), ("2a8648ce3d04030", "234")) for last, name in zip(ends, STRONG)}
CALLED = "(người lập gói gọi thế, không kiểm tra · as the maker calls it, not checked)"
CONTENT, DIGEST, ESS2, ESS1 = ("2a864886f70d0109" + one for one in ("03", "04", "10022f", "10020c"))
RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")
Usage, BROKEN = x509.ExtendedKeyUsageOID, Exception  # whatever fails on what somebody handed over proves nothing
def need(condition, why):
    if not condition: raise ValueError(why)
def sha(*parts): return hashlib.sha256(b"".join(parts))
def point(**told): return sha(json.dumps({key: told[key] for key in sorted(told)}, separators=(",", ":")).encode()).hexdigest()
def extension(certificate, kind): return next((one for one in certificate.extensions if isinstance(one.value, kind)), None)
def opened(file):  # names and a reader of a zip of stored entries one after another, their directory, and not a byte more
    archive, begin, names, size = zipfile.ZipFile(file), 0, set(), file.seek(0, 2)
    need(size <= 2**31 - 1 and len(archive.infolist()) <= 60_000 and not archive.comment, "too large")
    for one in archive.infolist():
        name = one.orig_filename
        need(re.fullmatch(r"manifest\.json|objects/[0-9a-f]{64}", name) and name not in names, f"entry {name[:90]!r}")
        need(one.compress_type == one.flag_bits == 0 and one.file_size == one.compress_size, f"{name} is packed")
        need(one.external_attr >> 16 in (0o100644, 0) and not one.extra + one.comment, f"{name} is a link, or more")
        need(one.header_offset == begin, "bytes between entries")
        names, begin = names | {name}, begin + 30 + len(name) + one.file_size
    need(begin == archive.start_dir and size == begin + 22 + sum(46 + len(one) for one in names), "bytes beside")
    need(archive.getinfo("manifest.json").file_size <= 64 << 20, "manifest")
    return names, archive.read
def kids(data, most=9999):  # DER as (tag, body, whole), definite and shortest lengths only
    found, at = [], 0
    while at < len(data) and len(found) < most:
        tag, size, body = data[at], data[at + 1], at + 2
        if size & 0x80:
            count = size & 0x7F
            size, body = int.from_bytes(data[body : body + count], "big"), body + count
            need(1 <= count <= 4 and size >= 128 and size >> (8 * (count - 1)), "DER length")
        need(tag & 0x1F != 0x1F and body + size <= len(data), "DER")
        found.append((tag, data[body : body + size], data[at : body + size]))
        at = body + size
    return found
def oid(element): return (kids(element[1], 1)[0][1] if element[0] & 0x20 else element[1]).hex()
def strong(key): return (key.key_size >= 2048 and key.public_numbers().e >= 65537 if isinstance(key, rsa.RSAPublicKey) else
                         getattr(getattr(key, "curve", None), "name", "") in ("secp256r1", "secp384r1", "secp521r1"))
def issued(certificate, issuer):
    need(certificate.signature_hash_algorithm.name in STRONG and strong(issuer.public_key()), "weak hash or key")
    certificate.verify_directly_issued_by(issuer)
def verify_raw(key, signature, data, hashed, salt=None):
    need(strong(key), "weak key, or of another kind")
    if isinstance(key, rsa.RSAPublicKey):
        how = padding.PKCS1v15() if salt is None else padding.PSS(padding.MGF1(hashed), salt)
        return key.verify(signature, data, how, hashed)
    return key.verify(signature, data, ec.ECDSA(hashed))
class Cms:  # a SignedData of one signer, verified over `content` beside it, or over the TSTInfo that it holds
    def __init__(self, data, content=b""):
        outer = kids(data, 1)[0]
        need(oid(outer) == "2a864886f70d010702" and not data[len(outer[2]) :].strip(b"\0"), "SignedData alone")
        _version, _digests, inside, *rest = kids(kids(kids(outer[1])[1][1])[0][1])
        self.kind, held = oid(inside), kids(inside[1])[1:]
        self.content = kids(held[0][1])[0][1] if held else content
        self.certificates = [x509.load_der_x509_certificate(one[2]) for tag, body, _ in rest if tag == 0xA0
                             for one in kids(body) if one[0] == 0x30]
        need(rest[-1][0] == 0x31 and len(kids(rest[-1][1])) == 1 and bool(held) == (self.kind == TST), "one signer, detached")
        _version, _name, digest, attributes, scheme, signature = kids(kids(rest[-1][1])[0][1])[:6]
        pairs = [(oid(one), kids(kids(one[1])[1][1])) for one in kids(attributes[1])]
        named = {name: values[0] for name, values in pairs if len(values) == 1}
        need(len(named) == len(pairs) and attributes[0] == 0xA0, "an attribute twice")
        hashed, used, salt = HASHES[oid(digest)], oid(scheme), None  # no other hash is believed
        same = named[DIGEST][1] == hashlib.new(hashed.name, self.content).digest()
        need(same and oid(named[CONTENT]) == self.kind, "another content than was signed")
        told = named[ESS1 if self.kind == TST and ESS2 not in named else ESS2]  # which certificate signed; by SHA-1 in timestamps alone
        parts = kids(kids(kids(told[1])[0][1])[0][1])
        by = HASHES[oid(parts[0])] if parts[0][0] == 0x30 else hashes.SHA256() if ESS2 in named else hashes.SHA1()
        self.signer = next(one for one in self.certificates for tag, body, _ in parts if tag == 4 and one.fingerprint(by) == body)
        if used == PSS:
            told = {tag: kids(body)[0] for tag, body, _ in kids(kids(scheme[1])[1][1])}
            need(oid(told[0xA0]) == oid(digest) == oid(kids(told[0xA1][1])[1]), "PSS hashes")
            salt = int.from_bytes(told[0xA2][1], "big")
        need(SCHEMES.get(used) == hashed.name or used == RSA or salt == hashed.digest_size, "signature algorithm")
        verify_raw(self.signer.public_key(), signature[1], b"\x31" + attributes[2][1:], hashed, salt)
class Trust:  # roots that were given; certificates and revocation evidence that were carried
    def __init__(self, roots): self.roots, self.pool, self.crls, self.answers = roots, {}, [], []
    def path(self, certificate, at, below=()):
        valid = len(below) < 7 and certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc
        if not valid or certificate in self.roots: return [certificate] if valid else None
        for issuer in (one for one in (*self.roots, *self.pool) if one.subject == certificate.issuer and one not in (*below, certificate)):
            basic, usage = extension(issuer, x509.BasicConstraints), extension(issuer, x509.KeyUsage)
            try:
                need(basic.value.ca and (not usage or usage.value.key_cert_sign) and (basic.value.path_length is None or
                     basic.value.path_length >= len(below)), "no authority")
                issued(certificate, issuer)
            except BROKEN: continue
            if rest := self.path(issuer, at, (*below, certificate)): return [certificate, *rest]
        return None
    def revocation(self, path, at):  # 0 good, 1 unknown, 2 revoked: the worst of the path, of each certificate what any evidence tells
        worst = 0
        for place, (one, issuer) in enumerate(zip(path, path[1:])):
            told = {self.listed(crl, one, issuer, at, not place) for crl in self.crls} | {self.answered(two, one, issuer, at) for two in self.answers}
            worst = max(worst, 2 if 2 in told else min(told, default=1))
        return worst
    def listed(self, crl, certificate, issuer, at, signer):
        point = extension(crl, x509.IssuingDistributionPoint)
        part = point and (point.value.indirect_crl or point.value.only_some_reasons or point.value.only_contains_attribute_certs or
                          point.value.relative_name or (point.value.only_contains_ca_certs if signer else point.value.only_contains_user_certs))
        part = part or any(one.critical for one in crl.extensions if one is not point) or crl.signature_hash_algorithm.name not in STRONG
        named, own = point and point.value.full_name, extension(certificate, x509.CRLDistributionPoints)
        part = part or named and not {*named} & {one for place in (own.value if own else ()) for one in place.full_name or ()}
        if (key := issuer.public_key()) and part or crl.issuer != issuer.subject or not strong(key) or not crl.is_signature_valid(key):
            return 1
        row = crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
        fresh = crl.last_update_utc if signer else crl.next_update_utc or crl.last_update_utc
        return 2 if row and row.revocation_date_utc <= at else 0 if fresh >= at else 1
    def answered(self, answer, certificate, issuer, at):
        asked = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, answer.hash_algorithm).build()
        for by in (issuer, *answer.certificates):
            try:
                need((answer.serial_number, answer.issuer_key_hash) == (asked.serial_number, asked.issuer_key_hash), "another")
                if by != issuer:
                    issued(by, issuer)
                    need(Usage.OCSP_SIGNING in extension(by, x509.ExtendedKeyUsage).value, "no responder")
                need(by.not_valid_before_utc <= answer.produced_at_utc <= by.not_valid_after_utc
                     and answer.signature_hash_algorithm.name in STRONG, "weak hash")
                verify_raw(by.public_key(), answer.signature, answer.tbs_response_bytes, answer.signature_hash_algorithm)
            except BROKEN: continue
            if answer.certificate_status == ocsp.OCSPCertStatus.REVOKED and answer.revocation_time_utc <= at: return 2
            return 0 if answer.certificate_status == ocsp.OCSPCertStatus.GOOD and answer.this_update_utc >= at else 1
        return 1
    def stamped(self, cms, imprint):
        _version, _policy, over, _serial, time, *_ = kids(kids(cms.content)[0][1])
        need(kids(over[1])[1][1] == imprint(HASHES[oid(kids(over[1])[0])].name), "timestamp over something else")
        at = dt.datetime.strptime(re.sub(r"(\.\d+)?Z$", "", time[1].decode()) + "+0000", "%Y%m%d%H%M%S%z")
        need((usage := extension(cms.signer, x509.ExtendedKeyUsage)) and usage.critical and list(usage.value) == [Usage.TIME_STAMPING], "not for timestamps")
        self.pool |= dict.fromkeys(cms.certificates)
        return at, self.path(cms.signer, at)
class Bundle:  # `tally`: of each check how often it held, was not shown, was wrong; `notes`: which and why
    def __init__(self, names, read, roots, outside):
        self.names, self.read, self.trust, self.outside, self.notes, self.about = names, read, Trust(roots), outside, [], []
        self.tally, self.manifest = {name: [0, 0, 0] for name in WORDS}, json.loads(read("manifest.json"))
    def say(self, check, state, what=""):
        self.tally[check][state := int(state)] += 1
        self.notes += [(state, check, what)] if state else []
    def attempt(self, check, what, work, *given, state=2, held=1):
        try:
            found = work(*given)
        except BROKEN as error:
            return self.say(check, state, f"{what}: {error}")
        self.tally[check][0] += held
        return found
    def wrong(self): return any(state == 2 for state, _check, _what in self.notes)
    def get(self, digest):
        data = self.read(f"objects/{digest}")
        need(sha(data).hexdigest() == digest, f"{digest} is not what it is called")
        return data
    def run(self):
        told, trust = self.manifest, self.trust
        need(told["format"] == "trinhky-bundle-1" and told["leaves"][-1]["anchor"] == told["anchor"], "not this format")
        figure = told.get("figure")
        need(told["kind"] == ("report" if figure and "months" in figure else "document" if not figure else "figure" if figure["count"] else "month"), "kind")
        need(figure or [one["population"] for one in told["items"]] == ["issued"], "no one document")
        for one in sorted({"manifest.json", *(f"objects/{one}" for one in told["objects"])} ^ self.names):
            self.say("zip", 2, f"{one}: thiếu hoặc thừa · missing or not listed")
        self.say("zip", 0)
        self.about.append(("agency", f"{told['agency']['id']} {told['agency']['name']} {CALLED}"))
        for one in told["objects"]: self.attempt("hash", one, self.get, one)
        rows = json.loads(self.get(told["anchors"]))
        self.anchors = {row[0]: row for row in rows}
        self.digests = {n: point(at=at, count=count, previous=before, root=root) for n, at, root, count, before in rows}
        for before, row in zip(rows, rows[1:]):
            self.say("anchor", 2 * ((row[0], row[4]) != (before[0] + 1, self.digests[before[0]])), f"{row[0]}")
        self.lists = [self.attempt("leaves", one["anchor"], self.leaf_list, one, held="object" in one) or {} for one in told["leaves"]]
        self.leaves, kept = self.lists[-1], self.outside or {"anchor": 0}
        known = self.digests.get(kept["anchor"])
        reached = 1 if not known else 2 if known != point(**{key: kept[key] for key in ("at", "count", "previous", "root")}) else kept["anchor"] < told["anchor"]
        self.say("root", reached, "không có mã gốc giữ ngoài từ điểm chốt này, hoặc khác · differs, or none since: internally consistent")
        trust.pool = dict.fromkeys(x509.load_der_x509_certificate(self.get(one)) for one in told["certificates"])
        trust.crls = [x509.load_der_x509_crl(self.get(one)) for one in told["crls"]]
        trust.answers = [ocsp.load_der_ocsp_response(self.get(one)) for one in told["ocsps"]]
        for one in told["tokens"]:
            self.attempt("token", one["anchor"], lambda one: need(trust.stamped(Cms(self.get(one["token"])), lambda _:
                bytes.fromhex(self.digests[one["anchor"]]))[1], "authority under no root that was given"), one)
        for one, path in told["proofs"].items(): self.attempt("proof", one, self.proven, one, list(path))
        self.chains = {one: self.attempt("chain", one, self.chain, one, digest) or [] for one, digest in told["chains"].items()}
        if figure: self.attempt("figure", "figure", self.figure, figure, held=0)
        for one in told["items"]:
            self.say("item", self.bound(one), f"{one['population']} {one['key']} {one['subject']}: another chain, twice, not carried")
            self.item(one)
    def leaf_list(self, told):
        if "object" not in told:  # of one document its own leaf, which its proof leads to the root
            rows = [json.loads(one) for one in told["leaf"]]
            need("figure" not in self.manifest and [row[0] for row in rows] == [*self.manifest["proofs"]] and len(rows) < 2, "no one leaf")
            return {row[0]: (*row[1:3], told["place"], line.encode()) for row, line in zip(rows, told["leaf"])}
        lines = self.get(told["object"]).split(b"\n")
        level = [sha(b"\0", one).digest() for one in lines]
        while len(level) > 1:
            level = [sha(b"\1", *two).digest() if two[1:] else two[0] for at in range(0, len(level), 2) for two in [level[at : at + 2]]]
        need([level[0].hex(), len(lines)] == self.anchors[told["anchor"]][2:4], "another root")
        found = {row[0]: (*row[1:3], place, line) for place, line in enumerate(lines) for row in [json.loads(line)]}
        need(len(found) == len(lines), "a chain twice")
        return found
    def proven(self, subject, steps):
        index, line = self.leaves[subject][2:]
        digest, last = sha(b"\0", line).digest(), self.anchors[self.manifest["anchor"]][3] - 1
        need(type(index) is int and 0 <= index <= last, "no such place")
        while last > 0:
            if index % 2 or index < last:
                pair = [digest, bytes.fromhex(steps.pop(0))]
                digest = sha(b"\1", *(pair[::-1] if index % 2 else pair)).digest()
            index, last = index // 2, last // 2
        need(not steps and digest.hex() == self.anchors[self.manifest["anchor"]][2], "does not lead to the root")
    def chain(self, subject, digest):
        head, entries, (length, end, *_) = bytes(32), [], self.leaves[subject]
        for line in self.get(digest).split(b"\n"):
            entries.append(json.loads(line))
            need((entries[-1]["subject"], entries[-1]["sequence"]) == (subject, len(entries)), "another order")
            head = sha(head, line).digest()
            need(len(entries) != length or head.hex() == end, "another chain than the leaf says")
        need(len(entries) >= length, "entries are missing")
        self.attempt("chain", subject, need, len(entries) == length, "có mục mới hơn điểm chốt · some are younger", state=1)
        return entries[:length]
    def bound(self, told):  # what is said of a thing rests on the chain of that very thing, or it is not shown
        kind, key, subject, carried = told["population"], told["key"], told["subject"], told["subject"] in self.chains
        own = type(key) is int and any(kind in kinds.split() and subject == (of and f"{of}:{key}") for of, kinds in SUBJECTS.items())
        state = 0 if carried or not subject else 1 if told["withheld"] or subject not in self.leaves else 2
        return state if own and not (carried and told["withheld"]) else 2
    def item(self, told):
        subject, verdicts, files, entries = told["subject"], told.get("verdicts", []), told.get("files", []), self.chains.get(told["subject"], [])
        roles, cut = {}, max((one["sequence"] for one in entries if one["tag"] == "document:outgoing:withdraw_signature"), default=0)
        main = [one for one in entries if re.match("document:(outgoing|file):", one["tag"]) and {*one["facts"]} & {"file", "attachment"} == {"file"}]
        named = {one["facts"]["file"]: one if one["sequence"] > cut else one | {"tag": ""} for one in reversed(main)}
        digests = {one["facts"]["verdict_digest"] for one in entries if "verdict_digest" in one["facts"]}
        for one in verdicts:
            self.attempt("verdict", f"{subject} {one}", need, one in digests, "the journal names another one")
            for cited in {told["revocation_answer"] for told in json.loads(self.get(one))["signatures"]} - {"", *self.manifest["objects"]}:
                self.say("verdict", 1, f"{subject} {cited}: thiếu chứng cứ · evidence not carried")
        for one in sorted(digests - {*verdicts}) if files else (): self.say("verdict", 1, f"{subject} {one}: không kèm theo · not carried")
        symbol = [one["facts"]["symbol"] for one in entries if one["tag"] == "document:outgoing:number"][-1:]
        called = [f"{told[name]} {CALLED}" for name in ("symbol", "code", "about") if told.get(name) and [told[name]] != symbol]
        if own := told["population"] in ("issued", "report"):
            self.about += [(subject, " ".join([told["withheld"], *files])), *((subject, one) for one in (*symbol, *called))]
        for digest in files:
            self.attempt("file", subject, need, files == [one["facts"]["file"] for one in main[-1:]], f"{digest} is not the file in force")
            self.attempt("file", subject, self.file, subject, digest, named, roles, 1 + ("passed" in told["standing"]))
        for role, word in zip(("sign", "seal"), told["standing"].split(".")) if own else ():
            if word == "passed":
                self.say("standing", 1 if told["withheld"] else roles.get(role, 2), f"{subject} {role}")
    def file(self, subject, digest, named, roles, wrong):
        data, spans, stamps, held = self.get(digest), {}, [], []
        for match in RANGE.finditer(data):
            zero, b, c, rest = map(int, match.groups())
            near = data[min(match.start(), b) : max(match.end(), c)]
            good = zero == 0 < b < c and c + rest <= len(data) and c + rest not in spans and b"endobj" not in near and re.search(
                rb"/Contents\s*\Z", data[max(b - 30, 0) : b]) and re.fullmatch(rb"<([0-9A-Fa-f]{2})+>", data[b:c])
            self.say("cover", 0 if good else 2, f"{subject}: ByteRange {zero} {b} {c} {rest}")
            spans |= {c + rest: (b, c)} if good else {}
        self.say("cover", 2 * (len(data) not in spans), f"{subject}: chữ ký cuối không phủ hết · last one covers less")
        for end, (b, c) in sorted(spans.items()):
            what, content, raw = f"{subject} @{end}", data[:b] + data[c:end], bytes.fromhex(data[b + 1 : c - 1].decode())
            cms = self.attempt("cms", what, Cms, raw, content, state=wrong)
            if cms and cms.kind == TST:
                told = self.attempt("stamp", what, self.trust.stamped, cms, lambda name: hashlib.new(name, content).digest())
                stamps += [(end, told[0])] if told and told[1] else []
                self.say("path", 0 if told and told[1] else 1, f"{what}: bên cấp dấu thời gian · timestamp authority")
            elif cms:
                self.trust.pool |= dict.fromkeys(cms.certificates)
                held.append((end, cms.signer, named.get(sha(data[:end]).hexdigest(), {})))
        for end, signer, entry in held:
            times = [at for place, at in stamps if place > end] or [dt.datetime.fromisoformat(entry[k]) for k in {"at"} & {*entry}]
            path = self.trust.path(signer, at := min(times)) if times else None
            self.say("path", 0 if path else wrong, f"{subject} @{end}")
            came = (0, 1, wrong)[self.trust.revocation(path, at) if path else 1]
            self.say("revocation", came, f"{subject} @{end}")
            roles[role := entry.get("tag", "").rpartition(":")[2]] = came if path else 2
            names = [str(one.value) for one in signer.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME) if path]
            self.about += [(f"{subject} {role}", one) for one in names]
    def month(self, told, agency, entries):  # a closed month as it stood after these entries of its agency's chain
        frozen = json.loads(self.get(told["frozen"]))
        entries = [one for one in entries if one["facts"].get("month") == told["month"]]
        closed = [one["facts"]["digest"] for one in entries if one["tag"] == "figures:month:closed"]
        need(closed == [told["frozen"]] and [frozen["agency"], frozen["month"]] == [agency, told["month"]], "closed with another list")
        facts = {(population, key): tuple(place) for population, key, *place in frozen["facts"]}
        changed = [one["facts"]["digest"] for one in entries if one["tag"] == "figures:month:adjusted"][-1:]
        need(changed == [told["adjustments"]] * bool(told["adjustments"]), "other adjustments")
        for _n, population, key, before, after, *_ in json.loads(self.get(changed[0])) if changed else ():
            need(facts.pop((population, key), None) == (tuple(before) if before else None), "adjustment does not fit")
            facts |= {(population, key): tuple(after)} if after else {}
        return frozen, facts
    def reported(self, told, entry):  # what the journal took down when a report was drafted
        said = entry["facts"]
        need([entry["tag"], entry["sequence"], said["month"]] == ["figures:month:reported", told["entry"], told["month"]], "not the report's entry")
        need([(one["month"], one["frozen"]) for one in told["months"]] == sorted(said["lists"].items()), "other months, or closed otherwise")
        need([told["counts"], told["count"], told["unit"], told["person"]] == [said["counts"], "", None, None], "other numbers than were reported")
        self.about.append(("months, not closed", f"{' '.join(sorted(said['lists']))}, {' '.join(said['missing']) or None}"))
        return said
    def figure(self, told):
        entries = self.chains[f"figures:{told['agency']}"][: told["entry"] if "months" in told else None]
        said = self.reported(told, entries[-1]) if "months" in told else None
        months = [self.month(one, told["agency"], entries) for one in told.get("months", [told])]
        spans = [frozen for frozen, _facts in months]
        facts = {(frozen["month"], *key): place for frozen, found in months for key, place in found.items()
                 if key[0] not in STANDS or frozen is spans[0 if key[0] == STANDS[0] else -1]}
        need((said or spans[0])["definition_digest"] == told["definition"], "another definition")
        definition, units = json.loads(self.get(told["definition"])), told["unit"] if type(told["unit"]) is list else [told["unit"]]
        counted = {name: {key: place for key, place in facts.items() if key[1] == population and (not values or place[2] in values)
            and (told["unit"] is None or place[0] in units) and told["person"] in (None, place[1])} for name, population, values in definition["counts"]}
        self.about += [("kind", self.manifest["kind"])] + [(name, str(told[name]).replace(", ", ",")) for name in ("agency", "month", "count", "unit", "person")]
        rates = [one for one in definition["indicators"] if told["count"] in ("", *one[1:3]) and (not said or {*one[1:3]} <= said["counts"].keys())]
        names = {told["count"], *(name for one in rates for name in one[1:3])} if told["count"] else {*(said["counts"] if said else counted)}
        need({*told["counts"]} == names and {*told["rates"]} == {one[0] for one in rates}, "numbers are missing, or of something else")
        for line, parts, numbers in [("", None, told["counts"]), *(said["units"] if said else ())]:  # the whole; of a report each unit with all below it
            for name in sorted(names):
                found, number = sum(parts is None or place[0] in parts for place in counted[name].values()), numbers.get(name, 0)
                self.about += [] if line else [(name, str(found))]
                self.say("figure", 2 * (found != number), f"{line} {name}: {number} ≠ {found}")
        for name, numerator, denominator, _excluded, _better, decimals in rates:
            part, whole = len(counted[numerator]), len(counted[denominator])
            rate = f"{(200 * part * 10**decimals + whole) // (2 * whole) / 10**decimals:.{decimals}f}" if whole else None  # half up
            self.about.append((name, f"{part}/{whole} = {rate}"))
            self.say("figure", 2 * (told["rates"][name] != [part, whole, rate]), f"{name}: {part}/{whole} = {rate}")
        if said and said["waited"]:  # how many signatures, median and 90th percentile of their minutes by nearest rank
            times = sorted(int(place[2]) for key, place in facts.items() if key[1] == "timed")
            found = [len(times), *(times[-(-rank * len(times) // 100) - 1] if times else None for rank in (50, 90))]
            self.say("figure", 2 * (found != said["waited"]), f"waited {found}")
        wanted = {key: place[2] for key, place in (counted[told["count"]] if told["count"] else facts).items()}
        own = [one["key"] for one in self.manifest["items"] if one["population"] == "report"]
        listed = {(one.get("month", told["month"]), one["population"], one["key"]): one["standing"]
                  for one in self.manifest["items"] if one["population"] != "report"}
        need(len(listed) + len(own) == len(self.manifest["items"]) and own == ([said["document"]] if said else []), "an item twice, or another report")
        for key in sorted(listed.keys() | wanted.keys()):
            self.say("omission", 2 * (listed.get(key) != wanted.get(key)), f"{key}: bỏ sót, thừa, đổi · left out, added, changed")
        self.left_out(spans, {f"outgoing:{key}" for _month, population, key in facts if population == "issued"})
    def left_out(self, spans, listed):
        before = self.lists[0] if len(self.lists) > 1 else {}
        need(not before or self.anchors[self.manifest["leaves"][0]["anchor"]][1] <= spans[0]["start"], "earlier list")
        grown = {one for one, leaf in self.leaves.items() if one.startswith("outgoing:") and leaf[0] != before.get(one, [0])[0]}
        unknown = grown - listed - self.chains.keys()
        for subject in sorted((grown | listed) - unknown):
            issued = any(one["tag"] == "document:outgoing:issue" and span["start"] <= one["at"] < span["end"]
                         for one in self.chains.get(subject, ()) for span in spans)
            state = 2 * (issued != (subject in listed)) if subject in self.chains else 1 if subject in grown else 2
            self.say("omission", state, f"{subject}: khác nhật ký, hoặc không kèm nhật ký · not as journalled, or its journal not carried")
        if unknown: self.say("omission", 1, f"{len(unknown)} chuỗi lớn lên mà không kèm theo: không nói được gì · chains grew, not carried: nothing said")
def show(*said):  # nothing that steers the terminal
    print(*(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", "?", one) for one in said), sep=": ")
def check(bundle, roots, root=None):  # paths: the zip, PEM files, the file of a root kept outside; raises where it is no bundle
    known = [one for file in roots for one in x509.load_pem_x509_certificates(file.read_bytes())]
    with bundle.open("rb") as file:
        made = Bundle(*opened(file), known, json.loads(root.read_text("utf-8")) if root else None)
        made.run()
    return made
def main(given=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path, help="the zip")
    parser.add_argument("--roots", type=Path, nargs="+", required=True, help="PEM files")
    parser.add_argument("--root", type=Path, help="kept outside (trinhky audit root)")
    args = parser.parse_args(given)
    try:
        bundle = check(args.bundle, args.roots, args.root)
    except BROKEN as error: return show("KHÔNG PHẢI GÓI BẰNG CHỨNG · NO BUNDLE", str(error)) or 2
    for about in bundle.about: show(*about)
    for name, (good, unshown, bad) in bundle.tally.items(): print(f"{good:>5} đúng·held {unshown:>5} chưa rõ·not shown {bad:>5} SAI·WRONG  {WORDS[name]}")
    for state, name, what in sorted(bundle.notes, key=str, reverse=True)[:200]: show("SAI · WRONG" if state == 2 else "chưa rõ · not shown", name, what)
    print("Không kiểm tra · not checked:", *NOT_CHECKED, sep="\n  - ")
    print("CÓ CHỖ SAI · WRONG" if bundle.wrong() else "Trong những gì đã kiểm tra không thấy gì sai · nothing wrong in what was checked; "
          f"chưa rõ · not shown: {len(bundle.notes)}")
    return int(bundle.wrong())

if __name__ == "__main__":
    sys.exit(main())
