/*
 * What every form of the signer shares: one run at a time, progress, errors, results.
 *
 * Parts, all found by data attributes inside the form:
 *   [data-errors]           error summary: role="alert" tabindex="-1" hidden; gets focus
 *   progress[data-progress] and [data-progress-text]
 *   [data-results]          live region (role="status"): a sentence and a list
 *   button[type=submit]     `disabled` in the HTML, enabled here: without script nothing can be posted
 *   button[data-retry]      hidden at first; stands in the error summary when it is the way on, and then it is the only one:
 *                           the submit buttons are hidden and the form bears data-goes-on
 * data-messages='{"wrong_password": "…"}' holds the sentences (names: CODES in errors.js, TEXTS in texts.js).
 */

import { SignerError, codeOf } from './errors.js';
import { noteObstacle } from './obstacle.js';
import { Texts } from './texts.js';

/** A key left open on a page nobody uses is closed. */
const IDLE_MS = 5 * 60_000;

/** What is wrong with the certificate itself: the same key would be refused again, so another one is asked for. */
const OTHER_KEY = /^certificate_/;

/** Where the way on lies on another page; a new window, so that what was chosen here stays. */
const WAY_ON = {
  certificate_not_enrolled: ['/certificates', 'see_certificates'],
  certificate_not_confirmed: ['/certificates', 'see_certificates'],
  step_up_needed: ['/step-up?next=/desk', 'confirm_factor'],
};

/** `steps()` is the work; `holder` is where the key comes from (see sign-page.js). */
export class PageForm {
  constructor(form, Holder) {
    this.form = form;
    this.texts = new Texts(form.dataset.messages);
    this.busy = false;
    const one = (name) => form.querySelector(`[data-${name}]`);
    this.parts = { errors: one('errors'), results: one('results'), retry: one('retry') };
    this.parts.submits = [...form.querySelectorAll('button[type=submit]')];
    this.parts.progress = one('progress');
    this.parts.progressText = one('progress-text');
    this.home = document.createComment('');
    this.parts.retry?.before(this.home);
    this.holder = new Holder(this);
    if (globalThis.isSecureContext) this.#bind();
    else this.#refuse(new SignerError('insecure_context'));
  }

  #refuse(error) {
    this.showError(error);
    noteObstacle(this.form, error);
  }

  #bind() {
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.run();
    });
    this.parts.retry?.addEventListener('click', () => this.run());
    globalThis.addEventListener('pagehide', () => this.holder.leave());
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
    if (!busy && this.holder.opened) this.idle = setTimeout(() => this.forgetKey(), IDLE_MS);
  }

  forgetKey() {
    if (this.busy) return;
    this.holder.forget();
    this.oneWay(false);
  }

  /** To try again is the one way on, in view beside what happened; else it lies where it was. */
  oneWay(on) {
    const { retry, submits, errors } = this.parts;
    if (!retry) return;
    if (on) errors.append(retry);
    else this.home.after(retry);
    for (const button of submits) button.hidden = on;
    retry.classList.toggle('btn-primary', on);
    retry.classList.toggle('btn-outline-primary', !on);
    this.form.toggleAttribute('data-goes-on', on);
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
    for (const input of this.holder.fields) input.removeAttribute('aria-invalid');
    this.oneWay(false);
    this.parts.errors.hidden = true;
    this.parts.errors.replaceChildren();
    if (this.parts.retry) this.parts.retry.hidden = true;
  }

  /** What happened, what was kept, and where to go: the field at fault or the button that tries again. */
  showError(error, { kept = 'kept_input', retry = false, goesOn = false, next = '' } = {}) {
    const code = codeOf(error, 'worker_failed');
    const other = OTHER_KEY.test(code);
    const field = this.holder.fieldOf(code, other);
    const lines = [error.text || this.texts.get(code), this.texts.get(other ? 'kept_documents' : kept)];
    if (next) lines.push(this.texts.get(next));
    this.parts.errors.replaceChildren(...lines.map((line) => paragraph(line)));
    if (WAY_ON[code]) this.#showWay(...WAY_ON[code]);
    if (field) this.#pointTo(field);
    this.parts.errors.dataset.code = code;
    this.parts.errors.hidden = false;
    if (this.parts.retry) this.parts.retry.hidden = !retry || other;
    if (retry && goesOn && !other) this.oneWay(true); // else it begins anew, as the submit button does
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
