/*
 * The page's side of the signer. The key itself lives in worker.js and never comes here.
 *
 *   openKey(file, password)              → {handle, keyType, leaf, certificates: [{der, sha256, subject, serial, notBefore, notAfter}]}
 *   beginBatch({certificate (Base64), purpose}) → batch
 *   checkItems(batch, items, onProgress) → [{document, code: null, hash (Base64)} | {document, code}]
 *       items: [{document, version, toBeSigned (Base64), prepared: Blob, original: Blob, byteRange?, sha256?}]
 *   sealBatch(batch, {nonce, lines}?) → {nonce, code}; refused where any item failed its check
 *   signItems(handle, batch, documents, onProgress) → [{document, ok: true, signature, algorithm}]
 *   signChallenge(handle, {origin, user, nonce}) → {signature, algorithm}
 *   close(handle)
 *
 * Everything that goes wrong is a SignerError with a code of errors.js.
 */

import { CODES, SignerError, refuse } from './errors.js';

const WORKER_URL = new URL('./worker.js', import.meta.url).href;

/** Opening takes well under a second; a minute is a hostile file on a slow phone. */
const OPEN_SECONDS = 60;

let worker = null;
let lastId = 0;
const pending = new Map();

/** Under `require-trusted-types-for 'script'` only this policy exists, and it knows one address. */
const policy = globalThis.trustedTypes?.createPolicy('signer', {
  createScriptURL(address) {
    if (address !== WORKER_URL) throw new TypeError('the signer starts no other script');
    return address;
  },
});

function start() {
  if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) refuse('insecure_context');
  worker = new Worker(policy ? policy.createScriptURL(WORKER_URL) : WORKER_URL, { type: 'module', name: 'signer' });
  worker.addEventListener('message', receive);
  for (const failure of ['error', 'messageerror']) worker.addEventListener(failure, () => stop('worker_failed'));
}

function receive({ data: { id, result, code, progress } }) {
  const call = pending.get(id);
  if (call === undefined) return;
  if (progress) {
    call.onProgress?.(progress);
    return;
  }
  pending.delete(id);
  clearTimeout(call.timer);
  if (code) call.reject(new SignerError(code in CODES ? code : 'worker_failed'));
  else call.resolve(result);
}

/** End the worker and with it every key; calls that wait are told `code`. */
export function stop(code = 'closed') {
  worker?.terminate();
  worker = null;
  for (const { reject, timer } of pending.values()) {
    clearTimeout(timer);
    reject(new SignerError(code));
  }
  pending.clear();
}

async function call(act, values, { seconds = 0, onProgress } = {}) {
  if (worker === null) start();
  lastId += 1;
  const id = lastId;
  return new Promise((resolve, reject) => {
    const timer = seconds ? setTimeout(() => stop('timed_out'), 1000 * seconds) : undefined;
    pending.set(id, { resolve, reject, onProgress, timer });
    worker.postMessage({ id, act, ...values });
  });
}

export const openKey = (file, password) => call('open', { file, password }, { seconds: OPEN_SECONDS });

export const beginBatch = (values) => call('begin', values);

export const checkItems = (batch, items, onProgress) => call('check', { batch, items }, { onProgress });

export const sealBatch = (batch, values = {}) => call('seal', { batch, ...values });

export const signItems = (handle, batch, documents, onProgress) => call('sign', { handle, batch, documents }, { onProgress });

export const signChallenge = (handle, values) => call('challenge', { handle, values });

/** For a key that lies elsewhere: its certificate with the hash that it signs by; what it signed, looked at. */
export const readLeaf = (certificate) => call('leaf', { certificate });

export const takenSignature = (batch, document, signature) => call('taken', { batch, document, signature });

export const challengeHash = (certificate, values) => call('challengeHash', { certificate, values });

export const takenChallenge = (certificate, values, signature) => call('takenChallenge', { certificate, values, signature });

export const close = (handle) => (worker === null ? Promise.resolve(null) : call('close', { handle }));
