/*
 * The manifest of an act: one text that names, document by document, what is about to be signed, and its short code. The
 * server computes the same from what it prepared (workflow/domain/signing_acts.py); equal codes mean equal documents.
 */

import { digestOf, hex, utf8 } from './bytes.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const CODE_LENGTH = 10;

/** 144 random bits in Base64url. */
export function newNonce() {
  const text = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(18))));
  return text.replaceAll('+', '-').replaceAll('/', '_');
}

/** Canonical JSON: keys in their order, no blanks. `lines`: [document as text, version, prepared, toBeSigned (both hex)]. */
export function manifestText({ purpose, certificate, nonce, lines }) {
  return JSON.stringify({ certificate, count: lines.length, documents: lines, nonce, purpose, v: 1 });
}

/** The first 50 bits of its SHA-256 in Base32 (RFC 4648): ten characters. */
export async function codeOfManifest(manifest) {
  const digest = await digestOf('SHA-256', utf8(manifestText(manifest)));
  let bits = 0n;
  for (const byte of digest.subarray(0, 7)) bits = (bits << 8n) | BigInt(byte);
  bits >>= 6n;
  return Array.from({ length: CODE_LENGTH }, (_, at) => ALPHABET[Number((bits >> BigInt(5 * (CODE_LENGTH - 1 - at))) & 31n)]).join('');
}

/** The line of one checked document. */
export async function lineOf({ document, version, prepared, toBeSigned }) {
  return [String(document), version, hex(await digestOf('SHA-256', prepared)), hex(await digestOf('SHA-256', toBeSigned))];
}
