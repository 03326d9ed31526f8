/* The only place where a key lives. Messages in: {id, act, ...}; out: {id, result} or {id, code} or {id, progress}. */

import { Batch } from './batch.js';
import { digestOf, fromBase64, toBase64 } from './bytes.js';
import { challenge } from './challenge.js';
import { codeOf, refuse } from './errors.js';
import { MAX_FILE, openKeyFile } from './key-file.js';
import { hashFor, signWith } from './private-key.js';
import { signatureOver } from './token-checks.js';
import { readCertificate } from './x509.js';

const keys = new Map();
const batches = new Map();

const held = (handle) => keys.get(handle) ?? refuse('closed');
const begun = (batch) => batches.get(batch) ?? refuse('closed');
const leafOf = (certificate) => readCertificate(fromBase64(certificate) ?? refuse('no_certificate'));

/** What the page may know of a certificate. */
function shown({ der, sha256, subject, serial, notBefore, notAfter }) {
  return { der: der.slice().buffer, sha256, subject, serial, notBefore, notAfter };
}

const ACTS = {
  async open({ file, password }) {
    if (file.size > MAX_FILE) refuse('too_large');
    const { key, keyType, leaf, certificates } = await openKeyFile(new Uint8Array(await file.arrayBuffer()), password);
    const handle = crypto.randomUUID();
    keys.set(handle, { key, certificate: certificates[leaf] });
    return { handle, keyType, leaf, certificates: certificates.map(shown) };
  },

  /** One act at a time: what was checked for an older one is dropped. */
  async begin({ certificate, purpose }) {
    const batch = crypto.randomUUID();
    batches.clear();
    batches.set(batch, new Batch({ certificate: await leafOf(certificate), purpose }));
    return batch;
  },

  check: ({ batch, items }, report) => begun(batch).check(items, report),

  seal: ({ batch, nonce, lines }) => begun(batch).seal({ nonce, lines }),

  sign: ({ handle, batch, documents }, report) => begun(batch).sign(held(handle), documents, report),

  async leaf({ certificate }) {
    const leaf = await leafOf(certificate);
    return { ...shown(leaf), hashFunction: hashFor(leaf) };
  },

  taken: ({ batch, document, signature }) => begun(batch).taken(document, signature),

  async challengeHash({ certificate, values }) {
    return toBase64(await digestOf(hashFor(await leafOf(certificate)), challenge(values)));
  },

  async takenChallenge({ certificate, values, signature }) {
    return signatureOver(challenge(values), { certificate: await leafOf(certificate), signature });
  },

  async challenge({ handle, values }) {
    const { signature, algorithm } = await signWith(held(handle).key, challenge(values));
    return { signature: toBase64(signature), algorithm };
  },

  async close({ handle }) {
    keys.delete(handle);
    return null;
  },
};

async function answer({ id, act, ...rest }) {
  const report = (progress) => globalThis.postMessage({ id, progress });
  try {
    globalThis.postMessage({ id, result: await ACTS[act](rest, report) });
  } catch (error) {
    globalThis.postMessage({ id, code: codeOf(error, act === 'open' ? 'not_pkcs12' : 'worker_failed') });
  }
}

globalThis.addEventListener('message', (event) => answer(event.data));
