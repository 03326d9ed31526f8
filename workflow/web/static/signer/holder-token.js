/*
 * A token that the browser's extension speaks to (token_page): for signing and for enrolment. The interface: see sign-page.js.
 * Each document costs its owner a PIN, so each is sent as soon as it is signed. The Worker says which hash is signed and looks
 * at what came back; a signature that does not fit is never sent.
 *   [data-certificate]      hidden at first; filled as in certificate-facts.js
 *   [data-issuer]           (optional, at enrolment) input[type=file]: the issuer's certificate, which tokens do not hand out
 */

import { showCertificate } from './certificate-facts.js';
import { SignerError, codeOf, refuse } from './errors.js';
import { challengeHash, readLeaf, stop, takenChallenge, takenSignature } from './signer.js';
import { signHash, signingCertificate } from './token.js';

const MAX_ISSUER = 64 * 1024;

/** The token is of no use any more, or was never there: it is looked for anew. */
const LOST = new Set(['token_pin_blocked', 'token_absent', 'token_other_certificate', 'token_no_extension', 'token_no_program']);

export class Holder {
  /** A PIN for each: what is signed is sent before the next one is asked for. */
  atOnce = 1;
  opened = null;

  constructor(page) {
    this.page = page;
    this.place = page.form.querySelector('[data-certificate]');
    this.issuer = page.form.querySelector('[data-issuer]');
  }

  get fields() {
    return this.issuer ? [this.issuer] : [];
  }

  fieldOf(code) {
    return code === 'bad_issuer' ? this.issuer : null;
  }

  async open() {
    if (this.opened) return this.opened;
    const chain = await this.#chain();
    this.page.progress('progress_token');
    const { certificate } = await signingCertificate();
    const { hashFunction, ...shown } = await readLeaf(certificate);
    showCertificate(this.place, shown);
    this.opened = { certificate, chain, hashFunction };
    return this.opened;
  }

  async sign({ batch, items }, report) {
    const signed = [];
    for (const { document, hash } of items) {
      report({ done: signed.length });
      const signature = await this.#signed(hash);
      signed.push({ document, ok: true, ...await takenSignature(batch, document, signature) });
    }
    return signed;
  }

  async prove(values) {
    const { certificate } = this.opened ?? refuse('closed');
    const signature = await this.#signed(await challengeHash(certificate, values));
    return takenChallenge(certificate, values, signature);
  }

  async #signed(hash) {
    const { certificate, hashFunction } = this.opened ?? refuse('closed');
    try {
      return await signHash({ certificate, hash, hashFunction });
    } catch (error) {
      if (LOST.has(codeOf(error, ''))) this.opened = null;
      throw error;
    }
  }

  /** DER or PEM, as authorities publish it. */
  async #chain() {
    const [file] = this.issuer?.files ?? [];
    if (file === undefined) return [];
    if (file.size > MAX_ISSUER) throw new SignerError('bad_issuer');
    const text = await file.text();
    const pem = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/.exec(text);
    if (pem) return [pem[1].replace(/\s/g, '')];
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (bytes[0] !== 0x30) throw new SignerError('bad_issuer');
    return [btoa(String.fromCharCode(...bytes))];
  }

  lost() {
    this.opened = null;
  }

  forget() {
    this.opened = null;
    if (this.place) this.place.hidden = true;
    stop();
  }

  leave() {
    this.opened = null;
    stop();
  }
}
