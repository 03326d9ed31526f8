/*
 * The signing form: leader's signature, number and seal alike, on <form data-sign>. Parts: see page-form.js. Besides:
 *   data-holder               by which way it is signed (domain/key_holders.py): names a module below; pkcs12_browser if absent
 *   data-purpose              leader, number or seal
 *   data-prepare-url, data-fix-url, data-finish-url    data-next (optional: where to go when every document is signed)
 *   data-go-on-url            (optional) of an act that was begun before and is gone on with
 *   data-documents='[{"id": 7, "version": 3, "sha256": "…", "title": "…"}]', or ticked input[data-document] holding one each;
 *       sha256 is the hash of the version the person read: what the server sends must be that one
 *   named controls of the form (capacity, …) go along in the prepare request; csrf_token does not
 *
 * A holder is a module that exports `Holder`, one object for each form. The page does everything else: it prepares, fetches
 * and checks (in the Worker), says the act's code, sends, shows. A way of signing is added by a line in HOLDERS:
 *   constructor(page)         page.form, page.texts.get(name, values), page.progress(name, values), page.forgetKey()
 *   opened                    null, or what open() gave, as long as it can be used without asking again
 *   async open()              → {certificate, chain} (Base64 DER): asks for what it needs before anything is prepared; called
 *                             at the start of every run, so it answers from `opened` where it can
 *   atOnce                    how many documents one sign() takes before they are sent (1 where each asks for a PIN)
 *   async sign({batch, session, items}, report)
 *                             → for each item {document, ok: true, signature (Base64), algorithm: RSASSA-PKCS1-v1_5 | ECDSA (r‖s)},
 *                             or {document, ok: true, answered: true, url} where the holder brought it to the server itself,
 *                             or {document, ok: false, code, message?}: the others go on; a thrown SignerError stops the run,
 *                             and trying again goes on with what is not signed yet.
 *                             items: {document, title, preparedUrl, toBeSigned (Base64), hash (Base64, computed in the Worker
 *                             from what it checked: sign this one)}; report({done}) moves the progress
 *   forget(), leave(), lost() done with or left alone; the page goes away; the Worker is gone
 *   fields, fieldOf(code, otherKey)   its inputs; the one at fault for a code, or null
 *   async prove({origin, user, nonce})     of those that can be enrolled: {signature, algorithm} over the challenge (enrol-page.js)
 *
 * POST prepare {certificate, chain, documents: [{id, version}], …}, ten at a time, from the second time with {session}
 *   → {session, items: [{document, toBeSigned, byteRange, preparedUrl, originalUrl} | {document, code, message}]}
 * POST fix {session, nonce, code, order} → {code}: the manifest's code as computed here (manifest.js); refused: act_differs
 * POST go on {certificate} → {session, nonce, code, lines, items as in prepare}
 * POST finish {session, items: [{document, signature, signatureAlgorithm}]}, ten at a time
 *   → {items: [{document, ok: true, url?} | {document, ok: false, code, message, pending?, signed?, url?}]}; pending: the
 *     signature was kept and is judged later (revocation unreachable …), so it is not made a second time; signed: the
 *     document bears an earlier signature of this act
 * A refusal is any status ≥ 400 with {code, message}. The form fires `signer:done` with {results} in `detail`.
 */

import { Act } from './act.js';
import './copy-address.js';
import { codeOf, refuse } from './errors.js';
import './key-choice.js';
import './no-way-here.js';
import { PageForm, goTo } from './page-form.js';
import { Results } from './results.js';

const HOLDERS = {
  pkcs12_browser: () => import('./holder-file.js'),
  token_page: () => import('./holder-token.js'),
};

class SignPage extends PageForm {
  #results = new Results(this.parts.results, this.texts, () => this.#titles());
  #act = null;
  #cut = false;

  constructor(form, Holder) {
    super(form, Holder);
    globalThis.addEventListener('online', () => this.#netIsBack());
    document.addEventListener('visibilitychange', () => this.#netIsBack());
  }

  /** Only what the person has signed already is sent by itself, and sending it twice is harmless; a key is not used. */
  #netIsBack() {
    if (this.#cut && this.#act?.allSigned && globalThis.navigator.onLine && !document.hidden) this.run();
  }

  async steps() {
    this.#cut = false;
    this.#act ??= this.#newAct(this.#documents());
    if (!this.#act.allSigned) await this.#act.ready(await this.holder.open());
    await this.#act.send(this.holder);
    this.#finished();
  }

  failed(error) {
    const act = this.#act;
    const keep = act?.goesOn(error) === true;
    if (!keep) this.#act = null;
    if (['closed', 'timed_out', 'worker_failed'].includes(codeOf(error, 'worker_failed'))) this.holder.lost();
    const { opened } = this.holder;
    this.#cut = keep && codeOf(error) === 'network';
    const next = this.#cut ? (act.allSigned ? 'goes_on_online' : 'retry_online') : '';
    const retry = opened !== null || (keep && act.unsent);
    this.showError(error, { kept: kept(keep ? act : null, act, opened), retry, goesOn: keep, next });
  }

  forgetKey() {
    const offered = this.#act?.unsent === true && this.form.hasAttribute('data-goes-on');
    super.forgetKey();
    if (!this.busy && !this.#act?.allSigned) this.#act = null;
    if (offered) this.oneWay(this.#act !== null);
  }

  #newAct(documents) {
    const { prepareUrl: prepare, fixUrl: fix, finishUrl: finish, goOnUrl: goOn, purpose } = this.form.dataset;
    const named = Object.fromEntries([...new FormData(this.form)].filter(([name]) => name !== 'csrf_token'));
    return new Act({
      urls: { prepare, fix, finish, goOn: this.#act === null && !this.#results.list.length ? goOn : undefined },
      purpose,
      named,
      progress: (name, values) => this.progress(name, values),
      record: (result) => this.#results.record(result),
      show: () => this.#results.show(),
      showCode: (code) => this.#showCode(code),
    }, documents);
  }

  /** Chosen documents but those already signed or kept on this page. */
  #documents() {
    const left = this.#all().filter(({ id }) => !this.#results.settled(id));
    return left.length ? left : refuse('nothing_chosen');
  }

  #all() {
    const given = this.form.dataset.documents;
    if (given) return JSON.parse(given);
    return [...this.form.elements].filter((input) => input.dataset.document && input.checked).map((input) => JSON.parse(input.dataset.document));
  }

  /** Two groups of five: read out and compared with what another screen shows. */
  #showCode(code) {
    let place = this.form.querySelector('[data-act-code]');
    if (place === null) {
      place = document.createElement('p');
      place.dataset.actCode = '';
      this.parts.results.before(place);
    }
    const shown = document.createElement('strong');
    shown.className = 'mono';
    shown.textContent = `${code.slice(0, 5)} ${code.slice(5)}`;
    place.replaceChildren(`${this.texts.get('act_code')}: `, shown);
  }

  #finished() {
    const { list, complete } = this.#results;
    this.#act = null;
    this.busy = false;
    if (complete) this.forgetKey();
    this.#results.show();
    if (this.parts.retry) this.parts.retry.hidden = complete;
    this.form.dispatchEvent(new CustomEvent('signer:done', { bubbles: true, detail: { results: list } }));
    if (list.every(({ ok }) => ok) && this.form.dataset.next) goTo(this.form.dataset.next);
  }

  #titles() {
    const given = this.form.dataset.documents;
    const inputs = [...this.form.elements].filter((input) => input.dataset.document);
    const all = given ? JSON.parse(given) : inputs.map((input) => JSON.parse(input.dataset.document));
    return new Map(all.map(({ id, title }) => [String(id), title]));
  }
}

/** What the person is told of what is left: `act` goes on, `last` was before it stopped. */
function kept(act, last, opened) {
  if (act?.unsent) return 'kept_signatures';
  if (last?.someSent) return 'kept_partly';
  return opened ? 'kept_unsigned' : 'kept_input';
}

async function start(form) {
  const { Holder } = await HOLDERS[form.dataset.holder || 'pkcs12_browser']();
  new SignPage(form, Holder);
}

for (const form of document.querySelectorAll('form[data-sign]')) start(form);
