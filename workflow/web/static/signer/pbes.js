/* Password-based encryption: PBES1 of PKCS#12 (RFC 7292 Appendix C) and PBES2 (RFC 8018 §6.2). */

import { aes } from './aes.js';
import { decryptCbc } from './cbc.js';
import { algorithm, octets, sequence, smallInteger } from './der.js';
import { tripleDes } from './des.js';
import { refuse } from './errors.js';
import { HASHES } from './hash.js';
import { PURPOSE, pbkdf2, pkcs12Kdf } from './kdf.js';
import { rc2 } from './rc2.js';

const SHA1 = '1.3.14.3.2.26';
const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';

const PBES1_CIPHERS = new Map([
  ['1.2.840.113549.1.12.1.3', { size: 24, make: tripleDes }],
  ['1.2.840.113549.1.12.1.4', { size: 16, make: tripleDes }],
  ['1.2.840.113549.1.12.1.5', { size: 16, make: (key) => rc2(key, 128) }],
  ['1.2.840.113549.1.12.1.6', { size: 5, make: (key) => rc2(key, 40) }],
]);

const PBES2_CIPHERS = new Map([
  ['2.16.840.1.101.3.4.1.2', { size: 16, decrypt: nativeAes }],
  ['2.16.840.1.101.3.4.1.22', { size: 24, decrypt: (key, iv, data) => decryptCbc(aes(key), iv, data) }],
  ['2.16.840.1.101.3.4.1.42', { size: 32, decrypt: nativeAes }],
  ['1.2.840.113549.3.7', { size: 24, decrypt: (key, iv, data) => decryptCbc(tripleDes(key), iv, data) }],
]);

async function nativeAes(key, iv, data) {
  if (iv.length !== 16 || data.length === 0 || data.length % 16) refuse('not_pkcs12');
  const cipher = await crypto.subtle.importKey('raw', key, 'AES-CBC', false, ['decrypt']);
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-CBC', iv }, cipher, data));
  } catch {
    return refuse('wrong_password'); // the only failure left is the padding
  }
}

async function decryptPbes1(cipher, parameters, data, form, work) {
  const [saltNode, countNode] = sequence(parameters, 2, 2);
  const shared = { salt: octets(saltNode), iterations: smallInteger(countNode), work };
  const sha1 = HASHES.get(SHA1);
  const key = await pkcs12Kdf(sha1, form.bmp, { ...shared, purpose: PURPOSE.KEY, size: cipher.size });
  const iv = await pkcs12Kdf(sha1, form.bmp, { ...shared, purpose: PURPOSE.IV, size: 8 });
  const plain = decryptCbc(cipher.make(key), iv, data);
  key.fill(0);
  return plain;
}

async function decryptPbes2(parameters, data, form, work) {
  const [kdf, scheme] = sequence(parameters, 2, 2).map((node) => algorithm(node));
  const cipher = PBES2_CIPHERS.get(scheme.oid);
  if (kdf.oid !== PBKDF2 || cipher === undefined) refuse('unsupported_algorithm');
  const key = await pbkdf2(kdf.parameters, form.utf8, cipher.size, work);
  const plain = await cipher.decrypt(key, octets(scheme.parameters), data);
  key.fill(0);
  return plain;
}

/** Plain text of `data`, encrypted as the AlgorithmIdentifier `node` says, under one form of the password. */
export async function decrypt(node, data, form, work) {
  const { oid, parameters } = algorithm(node);
  if (oid === PBES2) return decryptPbes2(parameters, data, form, work);
  const cipher = PBES1_CIPHERS.get(oid);
  if (cipher === undefined) refuse('unsupported_algorithm');
  return decryptPbes1(cipher, parameters, data, form, work);
}
