/* From a password to keys: the PKCS#12 derivation (RFC 7292 Appendix B) and PBKDF2 (RFC 8018), with a cap on the work. */

import { TAG, algorithm, expect, octets, sequence, smallInteger } from './der.js';
import { refuse } from './errors.js';
import { HMACS } from './hash.js';

/** Tools in use write 1 to 600,000 iterations; a file that wants more is meant to keep the reader busy. */
const MAX_ITERATIONS = 1_000_000;
const MAX_TOTAL = 10_000_000;
const MAX_SALT = 1024;

export const PURPOSE = Object.freeze({ KEY: 1, IV: 2, MAC: 3 });

/** Counts the iterations spent on one file. */
export class Work {
  #spent = 0;

  spend(iterations, blocks) {
    if (iterations < 1) refuse('not_pkcs12');
    this.#spent += iterations * blocks;
    if (iterations > MAX_ITERATIONS || this.#spent > MAX_TOTAL) refuse('too_many_iterations');
  }
}

function repeated(bytes, block) {
  const out = new Uint8Array(block * Math.ceil(bytes.length / block));
  for (let i = 0; i < out.length; i += 1) out[i] = bytes[i % bytes.length];
  return out;
}

/** I_j = (I_j + B + 1) mod 2^(8·block), for every block of `input` (RFC 7292 §B.2, step 6C). */
function stir(input, digest, block) {
  for (let at = 0; at < input.length; at += block) {
    let carry = 1;
    for (let i = block - 1; i >= 0; i -= 1) {
      carry += input[at + i] + digest[i % digest.length];
      input[at + i] = carry & 255;
      carry >>= 8;
    }
  }
}

/** `size` octets for `purpose` from a BMP password. */
export async function pkcs12Kdf(hash, password, { salt, iterations, purpose, size, work }) {
  if (salt.length > MAX_SALT) refuse('not_pkcs12');
  const out = new Uint8Array(size);
  const diversifier = new Uint8Array(hash.block).fill(purpose);
  const input = new Uint8Array([...repeated(salt, hash.block), ...repeated(password, hash.block)]);
  for (let filled = 0; filled < size;) {
    work.spend(iterations, 1);
    let digest = await hash.digest(new Uint8Array([...diversifier, ...input]));
    for (let i = 1; i < iterations; i += 1) digest = await hash.digest(digest);
    out.set(digest.subarray(0, size - filled), filled);
    filled += digest.length;
    stir(input, digest, hash.block);
  }
  input.fill(0);
  return out;
}

/** PBKDF2-params: salt, iterations, keyLength, prf; `size` must agree with keyLength where that stands. */
export async function pbkdf2(parameters, password, size, work) {
  const [saltNode, countNode, ...rest] = sequence(parameters, 2, 4);
  const salt = octets(saltNode);
  if (salt.length > MAX_SALT) refuse('not_pkcs12');
  const iterations = smallInteger(countNode);
  if (rest[0]?.tag === TAG.INTEGER && smallInteger(rest.shift()) !== size) refuse('unsupported_algorithm');
  const prf = rest.length ? HMACS.get(algorithm(expect(rest[0], TAG.SEQUENCE)).oid) : 'SHA-1';
  if (prf === undefined) refuse('unsupported_algorithm');
  work.spend(iterations, 1);
  const key = await crypto.subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits']);
  const bits = await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: prf, salt, iterations }, key, 8 * size);
  return new Uint8Array(bits);
}
