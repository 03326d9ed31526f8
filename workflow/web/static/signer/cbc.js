/* Cipher block chaining and PKCS#7 padding over any block decipher of this folder. */

import { refuse } from './errors.js';

/** Plain text of `data`; wrong length or padding means a wrong password. The decipher is wiped afterwards. */
export function decryptCbc(cipher, iv, data) {
  const size = cipher.blockSize;
  if (iv.length !== size) refuse('not_pkcs12');
  if (data.length === 0 || data.length % size) refuse('not_pkcs12');
  const plain = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at += size) {
    cipher.decrypt(data, at, plain.subarray(at, at + size));
    const previous = at === 0 ? iv : data.subarray(at - size, at);
    for (let i = 0; i < size; i += 1) plain[at + i] ^= previous[i];
  }
  cipher.forget();
  return unpadded(plain, size);
}

function unpadded(plain, size) {
  const count = plain[plain.length - 1];
  const padded = count >= 1 && count <= size && plain.subarray(plain.length - count).every((byte) => byte === count);
  if (!padded) {
    plain.fill(0);
    refuse('wrong_password');
  }
  return plain.subarray(0, plain.length - count);
}
