/*
 * A batch: every document is checked before the key is used once, a part at a time; then it is sealed, which gives the code
 * of its manifest; only then it can be signed. What was checked is kept (bytes to be signed, hashes), the files are not.
 */

import { messageDigest } from './attributes.js';
import { digestOf, equal, fromBase64, toBase64 } from './bytes.js';
import { codeOf, refuse } from './errors.js';
import { codeOfManifest, lineOf, newNonce } from './manifest.js';
import { MAX_DOCUMENT, checkPrepared } from './prepared.js';
import { hashFor, signWith } from './private-key.js';
import { signatureOver } from './token-checks.js';

export class Batch {
  #certificate;
  #purpose;
  #checked = new Map();
  #spoilt = false;
  #sealed = false;

  constructor({ certificate, purpose }) {
    this.#certificate = certificate;
    this.#purpose = purpose;
  }

  /** Per item `{document, code, hash}`: code null where it passed, then `hash` is that of the bytes to be signed (Base64). */
  async check(items, report) {
    if (this.#sealed) refuse('closed');
    const results = [];
    for (const item of items) {
      results.push(await this.#check(item));
      report({ phase: 'checked', done: results.length, total: items.length });
    }
    return results;
  }

  async #check(item) {
    const { document } = item;
    try {
      if (this.#checked.has(String(document))) refuse('duplicate_document');
      const kept = await checked(item, { certificate: this.#certificate, hash: hashFor(this.#certificate) });
      this.#checked.set(String(document), kept);
      return { document, code: null, hash: toBase64(await digestOf(hashFor(this.#certificate), kept.toBeSigned)) };
    } catch (error) {
      this.#spoilt = true;
      return { document, code: codeOf(error, 'worker_failed') };
    }
  }

  /**
   * `{nonce, code}` of all that was checked. Going on with an act that was begun before: its `nonce` and `lines`; what was
   * checked here must stand among them, word for word.
   */
  async seal({ nonce = newNonce(), lines = null } = {}) {
    if (this.#spoilt || this.#checked.size === 0) refuse('batch_refused');
    const own = [...this.#checked.values()].map(({ line }) => line);
    if (lines !== null) checkAmong(own, lines);
    const code = await codeOfManifest({
      purpose: this.#purpose, certificate: this.#certificate.sha256, nonce, lines: lines ?? own,
    });
    this.#sealed = true;
    return { nonce, code };
  }

  /** Sign some of what was checked, with the key of the certificate that it was checked for. */
  async sign({ key, certificate }, documents, report) {
    if (!this.#sealed || this.#spoilt) refuse('batch_refused');
    if (!equal(certificate.der, this.#certificate.der)) refuse('wrong_certificate');
    const results = [];
    for (const document of documents) {
      const { toBeSigned } = this.#checked.get(String(document)) ?? refuse('batch_refused');
      const { signature, algorithm } = await signWith(key, toBeSigned);
      results.push({ document, ok: true, signature: toBase64(signature), algorithm });
      report({ phase: 'signed', done: results.length, total: documents.length });
    }
    return results;
  }

  /** A signature that was made elsewhere over the bytes that were checked here. */
  async taken(document, signature) {
    if (!this.#sealed || this.#spoilt) refuse('batch_refused');
    const { toBeSigned } = this.#checked.get(String(document)) ?? refuse('batch_refused');
    return signatureOver(toBeSigned, { certificate: this.#certificate, signature });
  }
}

function checkAmong(own, lines) {
  const known = new Set(lines.map((line) => JSON.stringify(line)));
  if (known.size !== lines.length || own.some((line) => !known.has(JSON.stringify(line)))) refuse('act_differs');
}

/** The bytes that were checked are the bytes that get signed: they are decoded once, here. */
async function checked(item, signer) {
  const toBeSigned = fromBase64(item.toBeSigned) ?? refuse('bad_attributes');
  const digest = await messageDigest(toBeSigned, signer);
  const [prepared, original] = await Promise.all([bytesOf(item.prepared), bytesOf(item.original)]);
  await checkPrepared({ prepared, original, hash: signer.hash, digest, claimed: item.byteRange, readHash: item.sha256 });
  return { toBeSigned, line: await lineOf({ document: item.document, version: item.version, prepared, toBeSigned }) };
}

async function bytesOf(blob) {
  if (blob.size > MAX_DOCUMENT) refuse('too_large');
  return new Uint8Array(await blob.arrayBuffer());
}
