/*
 * What the signing and the enrolment form share: a key file, its password, progress, errors, results.
 *
 * Parts, all found by data attributes inside the form:
 *   input[type=file][data-key-file]   input[type=password][data-key-password]   button[data-show-password]
 *   [data-telex-warning]   [data-caps-warning]     shown when typing looks wrong (hidden at first)
 *   [data-errors]           error summary: role="alert" tabindex="-1" hidden; gets focus
 *   [data-certificate]      hidden at first; [data-cert="holder|cn|title|o|ou|serial|notBefore|notAfter"] inside are filled
 *   progress[data-progress] and [data-progress-text]
 *   [data-results]          live region (role="status"): a sentence and a list
 *   button[type=submit]     `disabled` in the HTML, enabled here: without script nothing can be posted
 *   button[data-retry]      hidden at first
 * Neither the file nor the password input may have a name: a form posted by accident must not carry them.
 * data-messages='{"wrong_password": "…"}' holds the sentences (names: CODES in errors.js, TEXTS in texts.js).
 */

import { toBase64 } from './bytes.js';
import { SignerError, codeOf, refuse } from './errors.js';
import { noteObstacle } from './obstacle.js';
import { openKey, stop } from './signer.js';
import { Texts } from './texts.js';
import { watchPassword } from './typing.js';

/** A key left open on a page nobody uses is closed. */
const IDLE_MS = 5 * 60_000;

/** Issuers first; the server takes no more. */
const MAX_CHAIN = 10;

/** What is wrong with the certificate itself: the same file would be refused again, so another one is asked for. */
const OTHER_FILE = /^certificate_/;

/** Where the way on lies on another page; a new window, so that what was chosen here stays. */
const WAY_ON = {
  certificate_not_enrolled: ['/certificates', 'see_certificates'],
  certificate_not_confirmed: ['/certificates', 'see_certificates'],
  step_up_needed: ['/step-up?next=/desk', 'confirm_factor'],
};

const FIELD_OF = { wrong_password: 'password', no_password: 'password' };
const FILE_CODES = new Set([
  'no_file', 'not_pkcs12', 'unsupported_algorithm', 'too_many_iterations', 'too_large', 'no_private_key', 'no_certificate',
  'key_mismatch', 'weak_key',
]);

export class KeyForm {
  constructor(form) {
    this.form = form;
    this.texts = new Texts(form.dataset.messages);
    this.key = null;
    this.busy = false;
    this.parts = this.#find();
    if (!globalThis.isSecureContext) {
      const error = new SignerError('insecure_context');
      this.showError(error);
      noteObstacle(this.form, error);
      return;
    }
    this.#bind();
  }

  #find() {
    const one = (name) => this.form.querySelector(`[data-${name}]`);
    const parts = { file: one('key-file'), password: one('key-password'), errors: one('errors'), results: one('results'), retry: one('retry') };
    for (const input of [parts.file, parts.password]) input.removeAttribute('name');
    parts.submits = [...this.form.querySelectorAll('button[type=submit]')];
    parts.certificate = one('certificate');
    parts.progress = one('progress');
    parts.progressText = one('progress-text');
    const warnings = { toggle: one('show-password'), telexWarning: one('telex-warning'), capsWarning: one('caps-warning') };
    this.hidePassword = watchPassword(parts.password, warnings);
    return parts;
  }

  #bind() {
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.run();
    });
    this.parts.retry?.addEventListener('click', () => this.run());
    this.parts.file.addEventListener('change', () => this.forgetKey());
    globalThis.addEventListener('pagehide', () => this.#leave());
    globalThis.addEventListener('beforeunload', (event) => {
      if (this.busy) event.preventDefault();
    });
    for (const button of this.parts.submits) button.disabled = false;
  }

  /** One run at a time: a double click is one click. */
  async run() {
    if (this.busy) return;
    this.#setBusy(true);
    this.clearError();
    try {
      await this.steps();
    } catch (error) {
      this.failed(error);
      noteObstacle(this.form, error);
    } finally {
      this.progress(null);
      this.#setBusy(false);
    }
  }

  #setBusy(busy) {
    this.busy = busy;
    this.form.setAttribute('aria-busy', String(busy));
    for (const button of [...this.parts.submits, this.parts.retry]) button?.setAttribute('aria-disabled', String(busy));
    clearTimeout(this.idle);
    if (!busy && this.key) this.idle = setTimeout(() => this.forgetKey(), IDLE_MS);
  }

  /** Open the chosen file once; the password leaves the page's box as soon as it has worked. */
  async openedKey() {
    if (this.key) return this.key;
    const [file] = this.parts.file.files;
    if (!file) refuse('no_file');
    this.progress('progress_open');
    const key = await this.#open(file, this.parts.password.value);
    this.#clearPassword();
    this.key = { ...key, ...this.#certificatesOf(key) };
    this.#showCertificate(key.certificates[key.leaf]);
    return this.key;
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

  #certificatesOf({ certificates, leaf }) {
    const texts = certificates.map(({ der }) => toBase64(new Uint8Array(der)));
    return { certificate: texts[leaf], chain: texts.filter((_, index) => index !== leaf).slice(0, MAX_CHAIN) };
  }

  #clearPassword() {
    this.parts.password.value = '';
    this.hidePassword();
  }

  forgetKey() {
    if (this.busy) return;
    this.key = null;
    if (this.parts.certificate) this.parts.certificate.hidden = true;
    stop();
  }

  /** Also in the middle of a run: a page that the browser keeps for "back" must not keep a key. */
  #leave() {
    this.#clearPassword();
    this.key = null;
    stop();
  }

  #showCertificate({ subject, serial, notBefore, notAfter }) {
    const { certificate } = this.parts;
    if (!certificate) return;
    const day = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Ho_Chi_Minh', day: '2-digit', month: '2-digit', year: 'numeric' });
    const dates = { notBefore: day.format(new Date(notBefore)), notAfter: day.format(new Date(notAfter)) };
    const holder = [subject.cn, subject.title, subject.o].filter(Boolean).join(' · ');
    const values = { ...subject, holder, serial, ...dates };
    for (const place of certificate.querySelectorAll('[data-cert]')) place.textContent = values[place.dataset.cert] ?? '';
    certificate.hidden = false;
  }

  progress(name, values = {}) {
    const { progress, progressText } = this.parts;
    if (progressText) progressText.textContent = name ? this.texts.get(name, values) : '';
    if (!progress) return;
    progress.hidden = name === null;
    if (values.total) {
      progress.max = values.total;
      progress.value = values.done ?? 0;
    } else {
      progress.removeAttribute('value');
    }
  }

  clearError() {
    for (const input of [this.parts.file, this.parts.password]) input.removeAttribute('aria-invalid');
    this.parts.errors.hidden = true;
    this.parts.errors.replaceChildren();
    if (this.parts.retry) this.parts.retry.hidden = true;
  }

  /** What happened, what was kept, and where to go: the field at fault or the button that tries again. */
  showError(error, { kept = 'kept_input', retry = false } = {}) {
    const code = codeOf(error, 'worker_failed');
    const other = OTHER_FILE.test(code);
    const field = FIELD_OF[code] ?? (other || FILE_CODES.has(code) ? 'file' : null);
    const lines = [error.text || this.texts.get(code), this.texts.get(other ? 'kept_documents' : kept)];
    this.parts.errors.replaceChildren(...lines.map((line) => paragraph(line)));
    if (WAY_ON[code]) this.#showWay(...WAY_ON[code]);
    if (field) this.#pointTo(this.parts[field]);
    this.parts.errors.dataset.code = code;
    this.parts.errors.hidden = false;
    if (this.parts.retry) this.parts.retry.hidden = !retry || other;
    this.parts.errors.focus();
  }

  #showWay(address, text) {
    const link = document.createElement('a');
    link.href = address;
    link.target = '_blank';
    link.textContent = this.texts.get(text);
    const line = document.createElement('p');
    line.append(link);
    this.parts.errors.append(line);
  }

  #pointTo(input) {
    input.setAttribute('aria-invalid', 'true');
    if (!input.id) return;
    const link = document.createElement('a');
    link.href = `#${input.id}`;
    link.textContent = input.labels[0]?.textContent.trim() ?? input.id;
    this.parts.errors.append(link);
  }
}

export function paragraph(text) {
  const element = document.createElement('p');
  element.textContent = text;
  return element;
}

/** Go to an address of this site; the host of anything else is dropped. */
export function goTo(address) {
  const { pathname, search } = new URL(address, globalThis.location.origin);
  globalThis.location.assign(pathname + search);
}
