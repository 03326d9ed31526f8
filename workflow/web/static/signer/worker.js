/* The only place where a key lives. Messages in: {id, act, ...}; out: {id, result} or {id, code} or {id, progress}. */

import { signBatch } from './batch.js';
import { toBase64 } from './bytes.js';
import { challenge } from './challenge.js';
import { codeOf, refuse } from './errors.js';
import { MAX_FILE, openKeyFile } from './key-file.js';
import { signWith } from './private-key.js';

const keys = new Map();

const held = (handle) => keys.get(handle) ?? refuse('closed');

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

  sign: ({ handle, items }, report) => signBatch(held(handle), items, report),

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
