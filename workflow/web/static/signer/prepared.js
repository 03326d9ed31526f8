/* The prepared PDF against what was read and what is to be signed (ISO 32000-2 §12.8.1, signing of the ByteRange). */

import { digestOf, equal, hex, startsWith } from './bytes.js';
import { refuse } from './errors.js';

/** Far above any upload limit; a file above it is an attack on the reader's memory. */
export const MAX_DOCUMENT = 256 * 1024 * 1024;

const BYTE_RANGE = new TextEncoder().encode('/ByteRange');
const CONTENTS = new TextEncoder().encode('/Contents');
const WHITESPACE = new Set([0x00, 0x09, 0x0a, 0x0c, 0x0d, 0x20]);
const ZERO = 0x30;

/**
 * Refuse unless `prepared` is `original` plus an appended part that holds one signature, whose range is the whole file but
 * for its own empty /Contents, and whose `hash` is `digest`. `claimed` is the server's byteRange, `readHash` the SHA-256 that
 * the page showed for the version; either may be absent.
 */
export async function checkPrepared({ prepared, original, hash, digest, claimed, readHash }) {
  if (prepared.length <= original.length || !startsWith(prepared, original)) refuse('not_the_version_read');
  if (readHash && hex(await digestOf('SHA-256', original)) !== readHash.toLowerCase()) refuse('not_the_version_read');
  const range = onlyByteRange(prepared, original.length);
  if (claimed && !equal(claimed, range)) refuse('byte_range');
  checkRange(prepared, range, original.length);
  if (!equal(await digestOf(hash, covered(prepared, range)), digest)) refuse('digest_mismatch');
}

/** The one /ByteRange of the appended part. */
function onlyByteRange(bytes, from) {
  const at = find(bytes, BYTE_RANGE, from);
  if (at < 0 || find(bytes, BYTE_RANGE, at + 1) >= 0) refuse('byte_range');
  const text = String.fromCharCode(...bytes.subarray(at + BYTE_RANGE.length, at + 100));
  const match = /^\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]/.exec(text);
  if (match === null) refuse('byte_range');
  return match.slice(1).map(Number);
}

function checkRange(bytes, [start, first, second, last], appended) {
  const whole = start === 0 && second + last === bytes.length && first >= appended && second > first + 2;
  if (!whole || bytes[first] !== 0x3c || bytes[second - 1] !== 0x3e || (second - first) % 2) refuse('byte_range');
  for (let at = first + 1; at < second - 1; at += 1) {
    if (bytes[at] !== ZERO) refuse('byte_range');
  }
  let before = first;
  while (WHITESPACE.has(bytes[before - 1])) before -= 1;
  const name = bytes.subarray(Math.max(0, before - CONTENTS.length), before);
  if (!equal(name, CONTENTS)) refuse('byte_range');
}

function covered(bytes, [, first, second, last]) {
  const joined = new Uint8Array(first + last);
  joined.set(bytes.subarray(0, first));
  joined.set(bytes.subarray(second), first);
  return joined;
}

function find(bytes, wanted, from) {
  for (let at = bytes.indexOf(wanted[0], from); at >= 0; at = bytes.indexOf(wanted[0], at + 1)) {
    if (startsWith(bytes.subarray(at, at + wanted.length), wanted)) return at;
  }
  return -1;
}
