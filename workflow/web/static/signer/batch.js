/* A batch: every document is checked before the key is used once. */

import { messageDigest } from './attributes.js';
import { fromBase64, toBase64 } from './bytes.js';
import { codeOf, refuse } from './errors.js';
import { MAX_DOCUMENT, checkPrepared } from './prepared.js';
import { hashOf, signWith } from './private-key.js';

/** Per item `{document, ok, signature, algorithm}`; or, where any check failed, `{document, ok: false, code}` for all. */
export async function signBatch({ key, certificate }, items, report) {
  const checks = await checkAll(items, { certificate, hash: hashOf(key) }, report);
  if (checks.some(({ code }) => code !== null)) {
    return checks.map(({ document, code }) => ({ document, ok: false, code: code ?? 'batch_refused' }));
  }
  const results = [];
  for (const { document, toBeSigned } of checks) {
    const { signature, algorithm } = await signWith(key, toBeSigned);
    results.push({ document, ok: true, signature: toBase64(signature), algorithm });
    report({ phase: 'signed', done: results.length, total: items.length });
  }
  return results;
}

async function checkAll(items, signer, report) {
  const seen = new Set();
  const checks = [];
  for (const item of items) {
    const doubled = seen.has(item.document);
    seen.add(item.document);
    checks.push(doubled ? { document: item.document, code: 'duplicate_document' } : await checked(item, signer));
    report({ phase: 'checked', done: checks.length, total: items.length });
  }
  return checks;
}

/** The bytes that were checked are the bytes that get signed: they are decoded once, here. */
async function checked(item, signer) {
  const { document } = item;
  try {
    const toBeSigned = fromBase64(item.toBeSigned) ?? refuse('bad_attributes');
    const digest = await messageDigest(toBeSigned, signer);
    const [prepared, original] = await Promise.all([bytesOf(item.prepared), bytesOf(item.original)]);
    await checkPrepared({ prepared, original, hash: signer.hash, digest, claimed: item.byteRange, readHash: item.sha256 });
    return { document, toBeSigned, code: null };
  } catch (error) {
    return { document, code: codeOf(error, 'worker_failed') };
  }
}

async function bytesOf(blob) {
  if (blob.size > MAX_DOCUMENT) refuse('too_large');
  return new Uint8Array(await blob.arrayBuffer());
}
