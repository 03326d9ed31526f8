/*
 * A token that the browser's extension speaks to, by the page messages of Web eID: one question at a time, each answered
 * first by "-ack", then by "-success" or "-failure". Whoever owns the key is asked for the PIN by the extension's own window.
 */

import { SignerError, refuse } from './errors.js';

/** An extension answers within a blink that it has heard; its owner may look for the token and the PIN. */
const HEARD_MS = 2_000;
const ANSWERED_MS = 180_000;
const VERSION = '2.0.2';

const FAILURES = new Map(Object.entries({
  ERR_WEBEID_USER_CANCELLED: 'token_cancelled',
  ERR_WEBEID_USER_TIMEOUT: 'token_timed_out',
  ERR_WEBEID_ACTION_TIMEOUT: 'token_timed_out',
  ERR_WEBEID_EXTENSION_UNAVAILABLE: 'token_no_extension',
  ERR_WEBEID_NATIVE_UNAVAILABLE: 'token_no_program',
  ERR_WEBEID_VERSION_MISMATCH: 'token_no_program',
  ERR_WEBEID_VERSION_INVALID: 'token_no_program',
  ERR_WEBEID_CARD_NOT_FOUND: 'token_absent',
  ERR_WEBEID_WRONG_PIN: 'token_wrong_pin',
  ERR_WEBEID_PIN_BLOCKED: 'token_pin_blocked',
  ERR_WEBEID_ACTION_PENDING: 'token_busy',
  ERR_WEBEID_CERTIFICATE_CHANGED: 'token_other_certificate',
}));

let asking = false;

/** `{certificate (Base64 DER), supportedSignatureAlgorithms}` */
export const signingCertificate = () => ask('web-eid:get-signing-certificate', {});

/** The signature (Base64) over one hash; `hashFunction` by its WebCrypto name. */
export async function signHash({ certificate, hash, hashFunction }) {
  const { signature } = await ask('web-eid:sign', { certificate, hash, hashFunction });
  return typeof signature === 'string' ? signature : refuse('token_failed');
}

async function ask(action, values) {
  if (asking) refuse('token_busy');
  asking = true;
  try {
    return await answerTo(action, { ...values, lang: document.documentElement.lang });
  } finally {
    asking = false;
  }
}

function answerTo(action, values) {
  const { promise, resolve, reject } = settled();
  const fail = (code) => reject(new SignerError(code));
  let timer = setTimeout(fail, HEARD_MS, 'token_no_extension');
  const hear = ({ source, origin, data }) => {
    if (source !== globalThis.window || origin !== globalThis.location.origin) return;
    if (data?.action === `${action}-ack`) {
      clearTimeout(timer);
      timer = setTimeout(fail, ANSWERED_MS, 'token_timed_out');
    }
    if (data?.action === `${action}-success`) resolve(data);
    if (data?.action === `${action}-failure`) fail(FAILURES.get(data.error?.code) ?? 'token_failed');
  };
  globalThis.addEventListener('message', hear);
  globalThis.postMessage({ action, libraryVersion: VERSION, ...values }, globalThis.location.origin);
  return promise.finally(() => {
    clearTimeout(timer);
    globalThis.removeEventListener('message', hear);
  });
}

function settled() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}
