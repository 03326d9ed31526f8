/*
 * The signing form: leader's signature, number and seal alike, on <form data-sign>. Parts: see key-form.js. Besides:
 *   data-prepare-url, data-finish-url    data-next (optional: where to go when every document is signed)
 *   data-documents='[{"id": 7, "version": 3, "sha256": "…", "title": "…"}]', or ticked input[data-document] holding one each;
 *       sha256 is the hash of the version the person read: what the server sends must be that one
 *   named controls of the form (capacity, …) go along in the prepare request; csrf_token does not
 *
 * POST prepare {certificate, chain, documents: [{id, version}], …} (Base64 DER)
 *   → {session, items: [{document, toBeSigned, byteRange, preparedUrl, originalUrl} | {document, code, message}]}
 * POST finish {session, items: [{document, signature, signatureAlgorithm}]}, ten at a time
 *   → {items: [{document, ok: true, url?} | {document, ok: false, code, message, pending?, url?}]}; pending: the signature
 *     was kept and is judged later (revocation unreachable …), so it is not made a second time
 * A refusal is any status ≥ 400 with {code, message}. signatureAlgorithm: RSASSA-PKCS1-v1_5, or ECDSA (r‖s).
 * The form fires `signer:done` with {results} in `detail`.
 */

import './copy-address.js';
import './key-choice.js';
import { codeOf, refuse } from './errors.js';
import { KeyForm, goTo, paragraph } from './key-form.js';
import { signBatch } from './signer.js';
import { getBlob, postJson } from './transport.js';

const AT_ONCE = 4;
const CHUNK = 10;

class SignPage extends KeyForm {
  #results = new Map();
  #act = null;

  async steps() {
    this.#act ??= { documents: this.#documents() };
    const act = this.#act;
    if (act.signed === undefined) {
      const key = await this.openedKey();
      act.prepared ??= await this.#prepare(key, act.documents);
      act.items ??= await this.#fetchFiles(act.prepared.items);
      act.signed = await this.#sign(key, act.items);
    }
    await this.#send(act);
    this.#finished();
  }

  failed(error) {
    const code = codeOf(error, 'worker_failed');
    const keep = error.temporary === true;
    const signed = this.#act?.signed !== undefined;
    if (!keep) this.#act = null;
    const lost = ['closed', 'timed_out', 'worker_failed'].includes(code);
    if (lost) this.key = null;
    const unsigned = this.key ? 'kept_unsigned' : 'kept_input';
    this.showError(error, { kept: keep && signed ? 'kept_signatures' : unsigned, retry: this.key !== null || (keep && signed) });
  }

  forgetKey() {
    super.forgetKey();
    if (!this.busy && this.#act?.signed === undefined) this.#act = null;
  }

  /** Chosen documents but those already signed or kept on this page. */
  #documents() {
    const given = this.form.dataset.documents;
    const ticked = [...this.form.elements].filter((input) => input.dataset.document && input.checked);
    const all = given ? JSON.parse(given) : ticked.map((input) => JSON.parse(input.dataset.document));
    const left = all.filter(({ id }) => !settled(this.#results.get(String(id))));
    return left.length ? left : refuse('nothing_chosen');
  }

  async #prepare({ certificate, chain }, documents) {
    this.progress('progress_prepare', { total: documents.length });
    const named = Object.fromEntries([...new FormData(this.form)].filter(([name]) => name !== 'csrf_token'));
    const wanted = documents.map(({ id, version }) => ({ id, version }));
    const answer = await postJson(this.form.dataset.prepareUrl, { ...named, certificate, chain, documents: wanted });
    const items = this.#answered(answer.items, documents);
    if (items.length && typeof answer.session !== 'string') refuse('bad_answer');
    return { session: answer.session, items };
  }

  /** The answer must be about exactly the documents asked for; those refused one by one become results. */
  #answered(items, documents) {
    if (!Array.isArray(items) || items.length !== documents.length) refuse('bad_answer');
    const asked = new Map(documents.map((entry) => [String(entry.id), entry]));
    const prepared = [];
    for (const item of items) {
      const entry = asked.get(String(item.document)) ?? refuse('bad_answer');
      asked.delete(String(item.document));
      if (item.code) this.#record({ ...item, ok: false });
      else prepared.push({ ...item, sha256: entry.sha256 });
    }
    return prepared;
  }

  async #fetchFiles(items) {
    const waiting = items.map((item, index) => ({ item, index }));
    const fetched = [];
    const take = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const { item, index } = next;
        const [prepared, original] = await Promise.all([getBlob(item.preparedUrl), getBlob(item.originalUrl)]);
        fetched.push({ index, item: { ...item, prepared, original } });
        this.progress('progress_fetch', { done: fetched.length, total: items.length });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, take));
    return fetched.sort((a, b) => a.index - b.index).map(({ item }) => item);
  }

  /** All or none: one document that fails its check stops the whole act before the key is used. */
  async #sign({ handle }, items) {
    const asked = items.map(({ document, toBeSigned, byteRange, sha256, prepared, original }) => (
      { document, toBeSigned, byteRange, sha256, prepared, original }));
    const signed = await signBatch(handle, asked, ({ phase, done, total }) => this.progress(`progress_${phase}`, { done, total }));
    const bad = signed.filter(({ ok }) => !ok);
    for (const item of bad) this.#record(item);
    if (bad.length) {
      this.#showResults();
      refuse(bad.find(({ code }) => code !== 'batch_refused')?.code ?? 'batch_refused');
    }
    return signed;
  }

  /** Sends what was not answered yet; `finish` is idempotent, so a chunk lost on the way is sent again. */
  async #send(act) {
    const total = act.signed.length;
    act.sent ??= 0;
    while (act.sent < total) {
      this.progress('progress_send', { done: act.sent, total });
      const chunk = act.signed.slice(act.sent, act.sent + CHUNK);
      const items = chunk.map(({ document, signature, algorithm }) => ({ document, signature, signatureAlgorithm: algorithm }));
      const answer = await postJson(this.form.dataset.finishUrl, { session: act.prepared.session, items });
      this.#recordAnswers(answer.items, chunk);
      act.sent += chunk.length;
      this.#showResults();
    }
  }

  #recordAnswers(answers, chunk) {
    if (!Array.isArray(answers)) refuse('bad_answer');
    for (const { document } of chunk) {
      this.#record(answers.find((answer) => String(answer.document) === String(document)) ?? { document, ok: false, code: 'bad_answer' });
    }
  }

  #record({ document, ok, pending, code, message, url }) {
    this.#results.set(String(document), { document, ok: ok === true, pending: pending === true, code, message, url });
  }

  #finished() {
    const results = [...this.#results.values()];
    const complete = results.every(settled);
    this.#act = null;
    this.busy = false;
    if (complete) this.forgetKey();
    this.#showResults();
    if (this.parts.retry) this.parts.retry.hidden = complete;
    this.form.dispatchEvent(new CustomEvent('signer:done', { bubbles: true, detail: { results } }));
    if (results.every(({ ok }) => ok) && this.form.dataset.next) goTo(this.form.dataset.next);
  }

  #showResults() {
    const results = [...this.#results.values()];
    const done = results.filter(({ ok }) => ok).length;
    const list = document.createElement('ul');
    list.append(...results.map((result) => this.#line(result)));
    const sentence = this.texts.get(done === results.length ? 'done' : 'partly_done', { done, total: results.length });
    this.parts.results.replaceChildren(paragraph(sentence), list);
  }

  #line({ document: id, ok, pending, code, message, url }) {
    const line = document.createElement('li');
    line.dataset.state = ok ? 'ok' : pending ? 'pending' : 'failed';
    if (code) line.dataset.code = code;
    const title = document.createElement(url?.startsWith('/') ? 'a' : 'strong');
    if (title instanceof HTMLAnchorElement) title.href = url;
    title.textContent = this.#titles().get(String(id)) ?? String(id);
    line.append(title, `: ${ok ? this.texts.get('item_ok') : message || this.texts.get(code ?? 'server_refused')}`);
    return line;
  }

  #titles() {
    const given = this.form.dataset.documents;
    const inputs = [...this.form.elements].filter((input) => input.dataset.document);
    const all = given ? JSON.parse(given) : inputs.map((input) => JSON.parse(input.dataset.document));
    return new Map(all.map(({ id, title }) => [String(id), title]));
  }
}

const settled = (result) => result?.ok === true || result?.pending === true;

for (const form of document.querySelectorAll('form[data-sign]')) new SignPage(form);
