/* SHA-1 and SHA-256 without a promise per call (FIPS 180-4): the PKCS#12 key derivation hashes thousands of times in a row. */

const K256 = new Int32Array(64);
const START256 = new Int32Array(8);
const START1 = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);

/** Fractional parts of cube and square roots of the first primes (FIPS 180-4 §4.2.2, §5.3.3). */
(function fillConstants() {
  const fraction = (root) => (root - Math.floor(root)) * 0x100000000;
  for (let candidate = 2, found = 0; found < 64; candidate += 1) {
    let prime = true;
    for (let factor = 2; factor * factor <= candidate; factor += 1) if (candidate % factor === 0) prime = false;
    if (prime) {
      if (found < 8) START256[found] = fraction(Math.sqrt(candidate));
      K256[found] = fraction(Math.cbrt(candidate));
      found += 1;
    }
  }
}());

const rotl = (word, by) => (word << by) | (word >>> (32 - by));
const words = new Int32Array(80);

function compress1(state, view, at) {
  for (let i = 0; i < 16; i += 1) words[i] = view.getInt32(at + 4 * i);
  for (let i = 16; i < 80; i += 1) words[i] = rotl(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
  let [a, b, c, d, e] = state;
  for (let i = 0; i < 80; i += 1) {
    let mixed;
    if (i < 20) mixed = ((b & c) | (~b & d)) + 0x5a827999;
    else if (i < 40) mixed = (b ^ c ^ d) + 0x6ed9eba1;
    else if (i < 60) mixed = ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
    else mixed = (b ^ c ^ d) + 0xca62c1d6;
    const next = (rotl(a, 5) + mixed + e + words[i]) | 0;
    e = d; d = c; c = rotl(b, 30); b = a; a = next;
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d; state[4] += e;
}

function compress256(state, view, at) {
  for (let i = 0; i < 16; i += 1) words[i] = view.getInt32(at + 4 * i);
  for (let i = 16; i < 64; i += 1) {
    const [x, y] = [words[i - 15], words[i - 2]];
    const low = rotl(x, 25) ^ rotl(x, 14) ^ (x >>> 3);
    const high = rotl(y, 15) ^ rotl(y, 13) ^ (y >>> 10);
    words[i] = words[i - 16] + low + words[i - 7] + high;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i += 1) {
    const one = (h + (rotl(e, 26) ^ rotl(e, 21) ^ rotl(e, 7)) + ((e & f) ^ (~e & g)) + K256[i] + words[i]) | 0;
    const two = (rotl(a, 30) ^ rotl(a, 19) ^ rotl(a, 10)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => { state[i] += word; });
}

function digest(bytes, start, compress) {
  const padded = new Uint8Array((bytes.length + 72) & ~63);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 0x20000000));
  view.setUint32(padded.length - 4, bytes.length << 3);
  const state = start.slice();
  for (let at = 0; at < padded.length; at += 64) compress(state, view, at);
  padded.fill(0);
  const out = new Uint8Array(4 * state.length);
  const outView = new DataView(out.buffer);
  state.forEach((word, i) => outView.setInt32(4 * i, word));
  return out;
}

const quick = (start, compress) => (bytes) => digest(bytes, start, compress);
const slow = (name) => async (bytes) => new Uint8Array(await crypto.subtle.digest(name, bytes));

/** By OID: WebCrypto name, block size in bytes, and a function that gives the digest or a promise of it. */
export const HASHES = new Map([
  ['1.3.14.3.2.26', { name: 'SHA-1', block: 64, digest: quick(START1, compress1) }],
  ['2.16.840.1.101.3.4.2.1', { name: 'SHA-256', block: 64, digest: quick(START256, compress256) }],
  ['2.16.840.1.101.3.4.2.2', { name: 'SHA-384', block: 128, digest: slow('SHA-384') }],
  ['2.16.840.1.101.3.4.2.3', { name: 'SHA-512', block: 128, digest: slow('SHA-512') }],
]);

/** HMAC algorithm OIDs (RFC 8018 §B.1.2) → WebCrypto hash name. */
export const HMACS = new Map([
  ['1.2.840.113549.2.7', 'SHA-1'],
  ['1.2.840.113549.2.9', 'SHA-256'],
  ['1.2.840.113549.2.10', 'SHA-384'],
  ['1.2.840.113549.2.11', 'SHA-512'],
]);

export async function hmac(hash, key, bytes) {
  const mac = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', mac, bytes));
}
