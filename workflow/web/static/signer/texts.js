/* Sentences of the signing and enrolment pages that are no errors. A page gives its own in data-messages; these are the fallback. */

import { CODES } from './errors.js';

export const TEXTS = Object.freeze({
  progress_open: 'Opening the key file',
  progress_token: 'Asking for the certificate in the token',
  progress_prepare: 'Preparing: {done} of {total}',
  progress_fetch: 'Fetching the prepared documents: {done} of {total}',
  progress_checked: 'Checking before the key is used: {done} of {total}',
  progress_signed: 'Signing: {done} of {total}',
  progress_send: 'Sending signatures: {done} of {total}',
  act_code: 'Code of this act',
  progress_enrol: 'Sending the certificate and the proof of possession',
  done: '{done} of {total} documents signed',
  partly_done: '{done} of {total} documents signed; the others are listed with the reason',
  enrolled: 'The certificate was received',
  item_ok: 'signed',
  kept_unsigned: 'Nothing was signed. The key stays open on this page: try again.',
  kept_signatures: 'The signatures are made and kept on this page; trying again sends the same ones.',
  kept_partly: 'What was signed stays signed; trying again goes on with the rest.',
  goes_on_online: 'Keep this page open: when the network is back, sending goes on by itself; or press “Try again”.',
  retry_online: 'Keep this page open; when the network is back, press “Try again”.',
  kept_documents: 'Nothing was signed. The documents stay chosen on this page.',
  see_certificates: 'See the certificates in a new window',
  confirm_factor: 'Confirm the second factor in a new window, then try again here',
  kept_input: 'What you chose and typed is still here.',
});

/** Looks up translated sentences; `{name}` places are filled in. */
export class Texts {
  #given;

  constructor(json) {
    this.#given = json ? JSON.parse(json) : {};
  }

  get(name, values = {}) {
    const sentence = this.#given[name] ?? TEXTS[name] ?? CODES[name] ?? this.#given.server_refused ?? CODES.server_refused;
    return sentence.replace(/\{(\w+)\}/g, (whole, place) => values[place] ?? whole);
  }
}
