/*
 * A key file that only this browser reads (pkcs12_browser): for signing and for enrolment. The interface: see sign-page.js.
 *
 * Parts, all found by data attributes inside the form:
 *   input[type=file][data-key-file]   input[type=password][data-key-password]   button[data-show-password]
 *   [data-telex-warning]   [data-caps-warning]     shown when typing looks wrong (hidden at first)
 *   [data-certificate]      hidden at first; filled as in certificate-facts.js
 * Neither the file nor the password input may have a name: a form posted by accident must not carry them.
 */

import { toBase64 } from './bytes.js';
import { showCertificate } from './certificate-facts.js';
import { codeOf, refuse } from './errors.js';
import { openKey, signChallenge, signItems, stop } from './signer.js';
import { watchPassword } from './typing.js';

/** Issuers first; the server takes no more. */
const MAX_CHAIN = 10;

const PASSWORD_CODES = new Set(['wrong_password', 'no_password']);
const FILE_CODES = new Set([
  'no_file', 'not_pkcs12', 'unsupported_algorithm', 'too_many_iterations', 'too_large', 'no_private_key', 'no_certificate',
  'key_mismatch', 'weak_key',
]);

export class Holder {
  /** The password was given once: all is signed before anything is sent. */
  atOnce = Infinity;
  opened = null;

  constructor(page) {
    this.page = page;
    const one = (name) => page.form.querySelector(`[data-${name}]`);
    this.parts = { file: one('key-file'), password: one('key-password'), certificate: one('certificate') };
    for (const input of this.fields) input.removeAttribute('name');
    const warnings = { toggle: one('show-password'), telexWarning: one('telex-warning'), capsWarning: one('caps-warning') };
    this.hidePassword = watchPassword(this.parts.password, warnings);
    this.parts.file.addEventListener('change', () => page.forgetKey());
  }

  get fields() {
    return [this.parts.file, this.parts.password];
  }

  fieldOf(code, otherKey) {
    if (PASSWORD_CODES.has(code)) return this.parts.password;
    return otherKey || FILE_CODES.has(code) ? this.parts.file : null;
  }

  /** Open the chosen file once; the password leaves the page's box as soon as it has worked. */
  async open() {
    if (this.opened) return this.opened;
    const [file] = this.parts.file.files;
    if (!file) refuse('no_file');
    this.page.progress('progress_open');
    const key = await this.#open(file, this.parts.password.value);
    this.#clearPassword();
    this.opened = { ...key, ...certificatesOf(key) };
    showCertificate(this.parts.certificate, key.certificates[key.leaf]);
    return this.opened;
  }

  /** An empty password is tried too: some files have none. */
  async #open(file, password) {
    try {
      return await openKey(file, password);
    } catch (error) {
      if (password === '' && codeOf(error) === 'wrong_password') refuse('no_password');
      throw error;
    }
  }

  /** The Worker signs the bytes that it checked, not what the page gives. */
  async sign({ batch, items }, report) {
    const { handle } = this.opened ?? refuse('closed');
    return signItems(handle, batch, items.map(({ document }) => document), report);
  }

  async prove(values) {
    const { handle } = this.opened ?? refuse('closed');
    return signChallenge(handle, values);
  }

  #clearPassword() {
    this.parts.password.value = '';
    this.hidePassword();
  }

  /** The Worker is gone already. */
  lost() {
    this.opened = null;
  }

  forget() {
    this.opened = null;
    if (this.parts.certificate) this.parts.certificate.hidden = true;
    stop();
  }

  /** Also in the middle of a run: a page that the browser keeps for "back" must not keep a key. */
  leave() {
    this.#clearPassword();
    this.opened = null;
    stop();
  }
}

function certificatesOf({ certificates, leaf }) {
  const texts = certificates.map(({ der }) => toBase64(new Uint8Array(der)));
  return { certificate: texts[leaf], chain: texts.filter((_, index) => index !== leaf).slice(0, MAX_CHAIN) };
}
