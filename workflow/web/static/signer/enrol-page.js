/*
 * The enrolment form, <form data-enrol>: proof of possession of a key. Parts: see page-form.js and holder-file.js. Besides:
 *   data-user, data-nonce     values of the challenge, which is built here and bound to this site's origin
 *   data-holder               by which way it proves (a module below, as in sign-page.js); pkcs12_browser if absent
 *   data-finish-url           POST {certificate, chain, nonce, signature, signatureAlgorithm} → {next?}
 *   data-next                 where to go afterwards, unless the answer says
 * The form fires `signer:enrolled`.
 */

import { codeOf } from './errors.js';
import { PageForm, goTo, paragraph } from './page-form.js';
import { postJson } from './transport.js';

const HOLDERS = {
  pkcs12_browser: () => import('./holder-file.js'),
  token_page: () => import('./holder-token.js'),
};

class EnrolPage extends PageForm {
  #body = null;

  async steps() {
    this.#body ??= await this.#proof();
    this.progress('progress_enrol');
    const answer = await postJson(this.form.dataset.finishUrl, this.#body);
    this.#body = null;
    this.busy = false;
    this.forgetKey();
    this.parts.results.replaceChildren(paragraph(this.texts.get('enrolled')));
    this.form.dispatchEvent(new CustomEvent('signer:enrolled', { bubbles: true }));
    const next = answer.next ?? this.form.dataset.next;
    if (next) goTo(next);
  }

  async #proof() {
    const { certificate, chain } = await this.holder.open();
    const { user, nonce } = this.form.dataset;
    const { signature, algorithm } = await this.holder.prove({ origin: globalThis.location.origin, user, nonce });
    return { certificate, chain, nonce, signature, signatureAlgorithm: algorithm };
  }

  failed(error) {
    if (!error.temporary) this.#body = null;
    if (['closed', 'timed_out', 'worker_failed'].includes(codeOf(error, 'worker_failed'))) this.holder.lost();
    this.showError(error, { retry: this.holder.opened !== null });
  }
}

async function start(form) {
  const { Holder } = await HOLDERS[form.dataset.holder || 'pkcs12_browser']();
  new EnrolPage(form, Holder);
}

for (const form of document.querySelectorAll('form[data-enrol]')) start(form);
