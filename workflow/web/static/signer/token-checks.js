/* What a token answered, looked at in the Worker before anything is sent: a signature by this key over these very bytes. */

import { fromBase64, toBase64 } from './bytes.js';
import { TAG, expect, read, sequence } from './der.js';
import { codeOf, refuse } from './errors.js';
import { hashFor } from './private-key.js';

const BAD = 'token_bad_signature';
const CURVES = { 'SHA-256': { namedCurve: 'P-256', size: 32 }, 'SHA-384': { namedCurve: 'P-384', size: 48 } };

/**
 * `{signature (Base64), algorithm}` as `finish` takes them, ECDSA as r‖s however the token wrote it. Anything that is not a
 * signature over `bytes` by the key of `certificate` is refused.
 */
export async function signatureOver(bytes, { certificate, signature }) {
  const hash = hashFor(certificate);
  const given = fromBase64(signature) ?? refuse(BAD);
  const elliptic = certificate.curve !== null;
  const algorithm = elliptic ? 'ECDSA' : 'RSASSA-PKCS1-v1_5';
  const { namedCurve, size } = CURVES[hash];
  const key = await imported(certificate.spki, elliptic ? { name: algorithm, namedCurve } : { name: algorithm, hash });
  for (const raw of elliptic ? readings(given, size) : [given]) {
    if (await crypto.subtle.verify({ name: algorithm, hash }, key, raw, bytes)) return { signature: toBase64(raw), algorithm };
  }
  return refuse(BAD);
}

async function imported(spki, parameters) {
  try {
    return await crypto.subtle.importKey('spki', spki, parameters, false, ['verify']);
  } catch {
    return refuse('unsupported_algorithm');
  }
}

/** r‖s as it came (IEEE P1363), or out of a DER SEQUENCE of two INTEGERs (RFC 3279 §2.2.3). */
function readings(given, size) {
  const found = given.length === 2 * size ? [given] : [];
  const joined = joinedOf(given, size);
  return joined === null ? found : [...found, joined];
}

function joinedOf(given, size) {
  try {
    const out = new Uint8Array(2 * size);
    sequence(read(given, { strict: true, code: BAD }), 2, 2, BAD).forEach((node, at) => {
      const { body } = expect(node, TAG.INTEGER, BAD);
      const number = body[0] === 0 ? body.subarray(1) : body;
      if (number.length > size) refuse(BAD);
      out.set(number, (at + 1) * size - number.length);
    });
    return out;
  } catch (error) {
    if (codeOf(error) === BAD) return null;
    throw error;
  }
}
