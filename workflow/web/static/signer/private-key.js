/* From PKCS#8 bytes to a WebCrypto key that can sign and do nothing else. */

import { concat, equal, utf8 } from './bytes.js';
import { TAG, algorithm, context, encode, expect, octets, oid, read, sequence, smallInteger } from './der.js';
import { refuse } from './errors.js';

const RSA = '1.2.840.113549.1.1.1';
const EC = '1.2.840.10045.2.1';
/** The hash is as strong as the key; the digest of the document and of the signed attributes is the same one. */
const CURVES = new Map([
  ['1.2.840.10045.3.1.7', { name: 'P-256', size: 32, hash: 'SHA-256' }],
  ['1.3.132.0.34', { name: 'P-384', size: 48, hash: 'SHA-384' }],
]);
const RSA_HASH = 'SHA-256';

/** A parsed PKCS#8 key: `belongsTo(certificate)` is a cheap test, `load(certificate)` makes the CryptoKey. */
export function readPrivateKey(pkcs8, secrets) {
  const [version, method, wrapped] = sequence(read(pkcs8), 3, 5);
  if (smallInteger(version) > 1) refuse('not_pkcs12');
  const { oid: name, parameters } = algorithm(method);
  const inner = secrets.keep(octets(wrapped));
  if (name === RSA) return rsaKey(inner, secrets);
  if (name === EC && parameters?.tag === TAG.OID) return ecKey(inner, parameters, secrets);
  return refuse('unsupported_algorithm');
}

const integer = (node) => {
  const { body } = expect(node, TAG.INTEGER);
  return body[0] === 0 ? body.subarray(1) : body;
};

function rsaKey(inner, secrets) {
  const [version, modulusNode, exponentNode] = sequence(read(inner), 9, 9);
  if (smallInteger(version) !== 0) refuse('unsupported_algorithm');
  const [modulus, exponent] = [integer(modulusNode), integer(exponentNode)];
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24;
  if (bits < 2048 || exponent.length < 3) refuse('weak_key');
  if (bits > 8192 || exponent.length > 4) refuse('unsupported_algorithm');
  return {
    type: 'RSA',
    name: `RSA-${bits}`,
    belongsTo: (certificate) => certificate.keyOid === RSA && sameRsa(certificate.publicKey, modulus, exponent),
    load: () => importKey(pkcs8Of(secrets, encode(TAG.OID, RSA_OID), encode(TAG.NULL), inner), { name: 'RSASSA-PKCS1-v1_5', hash: RSA_HASH }),
  };
}

const RSA_OID = Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01);
const EC_OID = Uint8Array.of(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01);

function sameRsa(publicKey, modulus, exponent) {
  const [n, e] = sequence(read(publicKey, { code: 'no_certificate' }), 2, 2, 'no_certificate');
  return equal(integer(n), modulus) && equal(integer(e), exponent);
}

function ecKey(inner, curveNode, secrets) {
  const curveOid = oid(curveNode);
  const curve = CURVES.get(curveOid);
  if (curve === undefined) refuse('unsupported_algorithm');
  const [version, scalarNode, ...optional] = sequence(read(inner), 2, 4);
  if (smallInteger(version) !== 1) refuse('not_pkcs12');
  const scalar = secrets.keep(fixedScalar(octets(scalarNode), curve.size));
  const own = optional.find((node) => node.tag === context(1));
  const point = own?.children[0]?.tag === TAG.BIT_STRING ? own.children[0].body.subarray(1) : null;
  return {
    type: 'EC',
    name: curve.name,
    belongsTo: ({ keyOid, curve: other, publicKey }) => keyOid === EC && other === curveOid && (point === null || equal(point, publicKey)),
    load: (certificate) => importKey(
      pkcs8Of(secrets, encode(TAG.OID, EC_OID), curveNode.raw, ecPrivateKey(scalar, certificate.publicKey, secrets)),
      { name: 'ECDSA', namedCurve: curve.name },
    ),
  };
}

/** RFC 5915 wants the scalar at full length; some tools drop or add leading zeros. */
function fixedScalar(bytes, size) {
  const extra = bytes.length - size;
  if (extra > 1 || (extra === 1 && bytes[0] !== 0)) refuse('not_pkcs12');
  const out = new Uint8Array(size);
  out.set(extra > 0 ? bytes.subarray(extra) : bytes, Math.max(0, -extra));
  return out;
}

/** With the public point of the certificate, which some browsers demand in the key itself. */
function ecPrivateKey(scalar, point, secrets) {
  const parts = [encode(TAG.INTEGER, Uint8Array.of(1)), secrets.keep(encode(TAG.OCTET_STRING, scalar))];
  const bits = encode(context(1), encode(TAG.BIT_STRING, concat([Uint8Array.of(0), point])));
  return secrets.keep(encode(TAG.SEQUENCE, ...parts, bits));
}

/** PKCS#8 with nothing but version, algorithm and key: attributes of the file do not reach the browser's parser. */
function pkcs8Of(secrets, name, parameters, inner) {
  const wrapped = secrets.keep(encode(TAG.OCTET_STRING, inner));
  return secrets.keep(encode(TAG.SEQUENCE, encode(TAG.INTEGER, Uint8Array.of(0)), encode(TAG.SEQUENCE, name, parameters), wrapped));
}

/** Not extractable, usable for signing only. */
async function importKey(pkcs8, parameters) {
  try {
    return await crypto.subtle.importKey('pkcs8', pkcs8, parameters, false, ['sign']);
  } catch {
    return refuse('not_pkcs12'); // numbers that do not make a key
  }
}

/** WebCrypto name of the hash that signatures of `key` use. */
export function hashOf(key) {
  const { namedCurve } = key.algorithm;
  return namedCurve ? [...CURVES.values()].find(({ name }) => name === namedCurve).hash : RSA_HASH;
}

/** The same, by the certificate of a key that lies elsewhere. */
export function hashFor({ keyOid, curve }) {
  if (keyOid === RSA) return RSA_HASH;
  return (keyOid === EC && CURVES.get(curve)?.hash) || refuse('unsupported_algorithm');
}

const signing = (key) => ({ name: key.algorithm.name, hash: hashOf(key) });

/** `algorithm` is WebCrypto's name; its ECDSA signatures are r‖s (IEEE P1363), not DER. */
export async function signWith(key, bytes) {
  return { signature: new Uint8Array(await crypto.subtle.sign(signing(key), key, bytes)), algorithm: key.algorithm.name };
}

/** Whether `key` is the private half of the certificate's key, shown on bytes that can be nothing but a probe. */
export async function proves(key, certificate) {
  const probe = concat([utf8('trinhky-probe-v1\0'), crypto.getRandomValues(new Uint8Array(32))]);
  const { signature } = await signWith(key, probe);
  const { name, namedCurve } = key.algorithm;
  const parameters = namedCurve ? { name, namedCurve } : { name, hash: RSA_HASH };
  const other = await crypto.subtle.importKey('spki', certificate.spki, parameters, false, ['verify']);
  return crypto.subtle.verify(signing(key), other, signature, probe);
}
