/* The conversation with our own server: same origin only, JSON out and in, every failure a named code. */

import { SignerError, refuse } from './errors.js';

const PATIENCE_MS = 180_000;

/** The server's own refusal. `text` is its translated sentence; `temporary` means that asking again may help. */
export class ServerRefusal extends SignerError {
  constructor(code, text = '', temporary = false) {
    super(code);
    this.text = text;
    this.temporary = temporary;
  }
}

/** An address of this site; anything else is no part of the protocol. */
function ours(address) {
  const url = typeof address === 'string' ? new URL(address, globalThis.location.href) : null;
  if (url === null || url.origin !== globalThis.location.origin) refuse('bad_answer');
  return url.href;
}

async function ask(address, options) {
  let response;
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    response = await fetch(ours(address), { ...options, signal, credentials: 'same-origin', redirect: 'manual', cache: 'no-store' });
  } catch (error) {
    throw error instanceof SignerError ? error : new ServerRefusal('network', '', true);
  }
  if (response.type === 'opaqueredirect' || response.status === 401) refuse('session_lost');
  if (!response.ok) throw await refusalOf(response);
  return response;
}

async function refusalOf(response) {
  const temporary = response.status >= 500 || response.status === 429;
  let body = {};
  try {
    body = await response.json();
  } catch {
    if ([502, 503, 504].includes(response.status)) return new ServerRefusal('network', '', true);
  }
  return new ServerRefusal(typeof body?.code === 'string' ? body.code : 'server_refused', String(body?.message ?? ''), temporary);
}

/** The body can break off after the headers came. */
async function whole(reading) {
  try {
    return await reading;
  } catch (error) {
    throw error instanceof SyntaxError ? new SignerError('bad_answer') : new ServerRefusal('network', '', true);
  }
}

export async function postJson(address, body) {
  const token = document.querySelector('meta[name="csrf-token"]')?.content ?? '';
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRFToken': token };
  const response = await ask(address, { method: 'POST', headers, body: JSON.stringify(body) });
  const answer = await whole(response.json());
  return answer !== null && typeof answer === 'object' ? answer : refuse('bad_answer');
}

export async function getBlob(address) {
  const response = await ask(address, { method: 'GET' });
  return whole(response.blob());
}
