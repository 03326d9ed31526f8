/* The signed attributes, read strictly before a key touches them (RFC 5652 §5.3, RFC 5035 §3, ETSI EN 319 142-1 §6.3). */

import { compare, digestOf, equal } from './bytes.js';
import { TAG, algorithm, context, expect, oid, read, sequence } from './der.js';
import { refuse } from './errors.js';

const BAD = 'bad_attributes';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';
const ID_DATA = '1.2.840.113549.1.7.1';
const SHA256 = '2.16.840.1.101.3.4.2.1';
const HASHES = new Map([[SHA256, 'SHA-256'], ['2.16.840.1.101.3.4.2.2', 'SHA-384'], ['2.16.840.1.101.3.4.2.3', 'SHA-512']]);
const DIGEST_SIZE = { 'SHA-256': 32, 'SHA-384': 48, 'SHA-512': 64 };

/**
 * The messageDigest of `toBeSigned`, which must be the DER of a SET OF exactly contentType = id-data, messageDigest and
 * signingCertificateV2 = `certificate`; `hash` names the digest. A byte more, another attribute or another order is refused: signed attributes can
 * pass for other signed things.
 */
export async function messageDigest(toBeSigned, { certificate, hash }) {
  const set = expect(read(toBeSigned, { strict: true, code: BAD }), TAG.SET, BAD);
  const values = attributeValues(set.children);
  if (oid(values.get(CONTENT_TYPE), BAD) !== ID_DATA) refuse('wrong_content_type');
  await checkCertificate(values.get(SIGNING_CERTIFICATE_V2), certificate);
  const { body } = expect(values.get(MESSAGE_DIGEST), TAG.OCTET_STRING, BAD);
  if (body.length !== DIGEST_SIZE[hash]) refuse('digest_mismatch');
  return body;
}

function attributeValues(attributes) {
  const values = new Map();
  attributes.forEach((attribute, index) => {
    if (index > 0 && compare(attributes[index - 1].raw, attribute.raw) >= 0) refuse(BAD);
    const [type, set] = sequence(attribute, 2, 2, BAD);
    const name = oid(type, BAD);
    const known = [CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_CERTIFICATE_V2].includes(name);
    if (!known || values.has(name)) refuse('extra_attribute');
    if (expect(set, TAG.SET, BAD).children.length !== 1) refuse(BAD);
    values.set(name, set.children[0]);
  });
  if (values.size !== 3) refuse('missing_attribute');
  return values;
}

/** One ESSCertIDv2: a SHA-2 hash (SHA-256 where absent) of our certificate, and if given our issuer and serial. */
async function checkCertificate(value, certificate) {
  const [certs] = sequence(value, 1, 1, BAD);
  const [id] = sequence(certs, 1, 1, BAD);
  const parts = sequence(id, 1, 3, BAD).slice();
  const hash = HASHES.get(parts[0].tag === TAG.SEQUENCE ? algorithm(parts.shift(), BAD).oid : SHA256);
  if (hash === undefined) refuse('wrong_certificate');
  const [digest, issuerSerial, ...more] = parts;
  if (more.length) refuse(BAD);
  if (!equal(expect(digest, TAG.OCTET_STRING, BAD).body, await digestOf(hash, certificate.der))) refuse('wrong_certificate');
  if (issuerSerial !== undefined) checkIssuerSerial(issuerSerial, certificate);
}

function checkIssuerSerial(node, certificate) {
  const [names, serial] = sequence(node, 2, 2, BAD);
  const [name] = sequence(names, 1, 1, BAD);
  const { body } = expect(name, context(4), BAD);
  if (!equal(body, certificate.issuerRaw) || !equal(serial.raw, certificate.serialRaw)) refuse('wrong_certificate');
}
