/* What a page shows of a certificate, and what the signer must know of it (RFC 5280). No trust is decided here. */

import { digestOf, hex } from './bytes.js';
import { TAG, algorithm, context, expect, octets, oid, read, sequence } from './der.js';
import { refuse } from './errors.js';

const SUBJECT_FIELDS = new Map([['2.5.4.3', 'cn'], ['2.5.4.12', 'title'], ['2.5.4.10', 'o'], ['2.5.4.11', 'ou']]);
const KEY_USAGE = '2.5.29.15';
const BAD = 'no_certificate';

export async function readCertificate(der) {
  const [tbs] = sequence(read(der, { code: BAD }), 3, 3, BAD);
  const fields = sequence(tbs, 6, 10, BAD);
  const [serial, , issuer, validity, subject, spki, ...rest] = fields[0].tag === context(0) ? fields.slice(1) : fields;
  const [notBefore, notAfter] = sequence(validity, 2, 2, BAD).map(time);
  return {
    der,
    sha256: hex(await digestOf('SHA-256', der)),
    subject: shown(subject),
    serial: hex(expect(serial, TAG.INTEGER, BAD).body).replace(/^0+(?=.)/, ''), // as the lists of certificates show it
    notBefore,
    notAfter,
    issuerRaw: issuer.raw,
    subjectRaw: subject.raw,
    serialRaw: serial.raw,
    maySign: maySign(rest),
    ...publicKey(spki),
  };
}

function publicKey(spki) {
  const [method, bits] = sequence(spki, 2, 2, BAD);
  const { body } = expect(bits, TAG.BIT_STRING, BAD);
  const { oid: name, parameters } = algorithm(method, BAD);
  const curve = parameters?.tag === TAG.OID ? oid(parameters, BAD) : null;
  return { spki: spki.raw, publicKey: body.subarray(1), keyOid: name, curve };
}

/** digitalSignature or nonRepudiation, or no key usage extension at all. */
function maySign(rest) {
  const wrapper = rest.find((node) => node.tag === context(3));
  if (wrapper === undefined) return true;
  for (const extension of sequence(wrapper.children[0], 0, 100, BAD)) {
    const parts = sequence(extension, 2, 3, BAD);
    if (oid(parts[0], BAD) === KEY_USAGE) {
      const bits = read(octets(parts[parts.length - 1], { code: BAD }), { code: BAD }).body;
      return (bits[1] & 0xc0) !== 0;
    }
  }
  return true;
}

/** ISO 8601 text in UTC, with whole seconds. */
function time(node) {
  const text = String.fromCharCode(...node.body);
  const short = node.tag === TAG.UTC_TIME;
  const match = (short ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/ : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/).exec(text);
  if (match === null || !(short || node.tag === TAG.TIME)) refuse(BAD);
  const [year, month, day, hour, minute, second] = match.slice(1);
  const century = short ? (Number(year) < 50 ? '20' : '19') : '';
  return `${century}${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}

/** Common name, title, organisation and unit; several values of one kind are joined by commas. */
function shown(name) {
  const subject = { cn: '', title: '', o: '', ou: '' };
  for (const set of sequence(name, 0, 64, BAD)) {
    for (const pair of expect(set, TAG.SET, BAD).children) {
      const [type, value] = sequence(pair, 2, 2, BAD);
      const field = SUBJECT_FIELDS.get(oid(type, BAD));
      if (field) subject[field] = [subject[field], text(value)].filter(Boolean).join(', ');
    }
  }
  return subject;
}

function text(node) {
  if (node.tag === TAG.BMP) return new TextDecoder('utf-16be').decode(node.body);
  if (node.tag === TAG.UNIVERSAL) return wide(node.body);
  return new TextDecoder(node.tag === TAG.UTF8 ? 'utf-8' : 'latin1').decode(node.body);
}

/** UCS-4. */
function wide(body) {
  const view = new DataView(body.buffer, body.byteOffset, body.length - (body.length % 4));
  let out = '';
  for (let at = 0; at < view.byteLength; at += 4) {
    const point = view.getUint32(at);
    out += point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point);
  }
  return out;
}
