/*
 * What stood in the way of signing, told to our own server as it happens: which documents, which code, who holds the key.
 * Nothing typed, nothing read, no message of any error. Nobody waits for it, and what becomes of it changes nothing here.
 * Only a form with data-obstacle-url tells; data-holder names the key's holder, where it is not a file in this browser.
 */

import { codeOf } from './errors.js';

const CODE = /^[a-z0-9_]{1,60}$/;
const KEY = /^\d{1,15}(\.\d{1,15})?$/;
const AT_MOST = 100;

/** Called for everything that ends a run. What the server refused in its own words it has noted itself. */
export function noteObstacle(form, error) {
  try {
    const address = form.dataset.obstacleUrl;
    const code = codeOf(error, 'worker_failed');
    if (!address || error?.text || !CODE.test(code)) return;
    const documents = keysOf(form);
    if (documents.length) tell(address, { documents, code, holder: form.dataset.holder ?? 'pkcs12_browser' });
  } catch {
    // a page that cannot tell goes on as if it had
  }
}

function keysOf(form) {
  const ticked = [...form.elements].filter((input) => input.dataset.document && input.checked);
  const all = form.dataset.documents ? JSON.parse(form.dataset.documents) : ticked.map((input) => JSON.parse(input.dataset.document));
  return [...new Set(all.map(({ id }) => String(id)).filter((key) => KEY.test(key)).map((key) => key.split('.')[0]))].slice(0, AT_MOST);
}

function tell(address, told) {
  const url = new URL(address, globalThis.location.href);
  if (url.origin !== globalThis.location.origin) return;
  const token = document.querySelector('meta[name="csrf-token"]')?.content ?? '';
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRFToken': token };
  const options = { method: 'POST', headers, body: JSON.stringify(told), credentials: 'same-origin', keepalive: true, redirect: 'manual' };
  fetch(url.href, options).catch(() => {});
}
