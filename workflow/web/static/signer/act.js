/*
 * One act of signing over many documents: prepared, fetched and checked ten at a time; then the code of its manifest is said
 * to the server; then signed and sent. Each step is taken once: run again after a lost answer, it goes on where it stood.
 * Of each file no more than ten are held at a time, and the browser may keep those on disk (Blobs).
 */

import { codeOf, refuse } from './errors.js';
import { beginBatch, checkItems, sealBatch } from './signer.js';
import { getBlob, postJson } from './transport.js';

const AT_ONCE = 4;
const CHUNK = 10;

export class Act {
  /** Whether the server knows the manifest: from then on the act is about these documents and no others. */
  fixed = false;
  #page;
  #documents;
  #session;
  #batch = null;
  #begun = null;
  #asked = 0;
  #waiting = null;
  #items = [];
  #seal = null;
  #signed = [];
  #sent = 0;

  /** `page`: progress(name, values), record(result), show(), showCode(code), urls {prepare, fix, finish, goOn}, named, purpose. */
  constructor(page, documents) {
    this.#page = page;
    this.#documents = documents;
  }

  /** Nothing is left that needs the key. */
  get allSigned() {
    return this.fixed && this.#signed.length === this.#items.length;
  }

  /** Signatures that are made and not answered yet. */
  get unsent() {
    return this.#signed.length > this.#sent;
  }

  get someSent() {
    return this.#sent > 0;
  }

  /** Everything before the key is used. One document that fails its check stops the whole act. */
  async ready({ certificate, chain }) {
    this.#batch ??= await beginBatch({ certificate, purpose: this.#page.purpose });
    if (this.#page.urls.goOn) this.#begun ??= await this.#goOn(certificate);
    while (this.#asked < this.#documents.length) await this.#part({ certificate, chain });
    if (!this.fixed && this.#items.length) await this.#fix();
    this.fixed = true;
  }

  /** An act that was begun before: what was prepared then, with a session token of its own for this page. */
  async #goOn(certificate) {
    const begun = await postJson(this.#page.urls.goOn, { certificate });
    if (typeof begun.session !== 'string' || !Array.isArray(begun.items)) refuse('bad_answer');
    this.#session = begun.session;
    this.#documents = this.#documents.filter(({ id }) => begun.items.some(({ document }) => String(document) === String(id)));
    return begun;
  }

  async #part(key) {
    const documents = this.#documents.slice(this.#asked, this.#asked + CHUNK);
    this.#waiting ??= await this.#prepare(key, documents);
    const files = await this.#fetchFiles(this.#waiting);
    const { length: total } = this.#documents;
    const checks = await checkItems(this.#batch, files, ({ done }) => this.#page.progress('progress_checked', { done: this.#asked + done, total }));
    this.#stopAtBad(checks);
    this.#items.push(...this.#waiting.map(({ document, toBeSigned, preparedUrl, title }, at) => (
      { document, toBeSigned, preparedUrl, title, hash: checks[at].hash })));
    this.#waiting = null;
    this.#asked += documents.length;
  }

  async #prepare({ certificate, chain }, documents) {
    this.#page.progress('progress_prepare', { done: this.#asked, total: this.#documents.length });
    if (this.#begun) return this.#answered(this.#begun.items, documents, true);
    const wanted = documents.map(({ id, version }) => ({ id, version }));
    const which = this.#session ? { session: this.#session } : { certificate, chain };
    const answer = await postJson(this.#page.urls.prepare, { ...this.#page.named, ...which, documents: wanted });
    const items = this.#answered(answer.items, documents);
    if (items.length && typeof answer.session !== 'string') refuse('bad_answer');
    this.#session = answer.session;
    return items;
  }

  /** The answer must be about exactly the documents asked for; those refused one by one become results. */
  #answered(items, documents, more = false) {
    if (!Array.isArray(items) || (!more && items.length !== documents.length)) refuse('bad_answer');
    const found = new Map(items.map((item) => [String(item.document), item]));
    if (found.size !== items.length) refuse('bad_answer');
    const prepared = [];
    for (const { id, version, sha256, title } of documents) {
      const item = found.get(String(id)) ?? refuse('bad_answer');
      if (item.code) this.#page.record({ ...item, ok: false });
      else prepared.push({ ...item, document: id, version, sha256, title });
    }
    return prepared;
  }

  async #fetchFiles(items) {
    const waiting = items.map((item, index) => ({ item, index }));
    const fetched = [];
    const take = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const { document, version, toBeSigned, byteRange, sha256, preparedUrl, originalUrl } = next.item;
        const [prepared, original] = await Promise.all([getBlob(preparedUrl), getBlob(originalUrl)]);
        fetched[next.index] = { document, version, toBeSigned, byteRange, sha256, prepared, original };
        const done = this.#asked + fetched.filter(Boolean).length;
        this.#page.progress('progress_fetch', { done, total: this.#documents.length });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, take));
    return fetched;
  }

  #stopAtBad(checks) {
    const bad = checks.find(({ code }) => code !== null);
    if (bad === undefined) return;
    for (const { document } of this.#items) this.#page.record({ document, ok: false, code: 'batch_refused' });
    for (const { document, code } of checks) this.#page.record({ document, ok: false, code: code ?? 'batch_refused' });
    this.#page.show();
    refuse(bad.code);
  }

  /** The code is computed from what was checked here, shown, and said to the server, which must come to the same one. */
  async #fix() {
    const { nonce, lines, code: known } = this.#begun ?? {};
    this.#seal ??= await sealBatch(this.#batch, known ? { nonce, lines } : {});
    const { code } = this.#seal;
    this.#page.showCode(code);
    const order = this.#items.map(({ document }) => String(document));
    const said = { session: this.#session, nonce: this.#seal.nonce, code, order };
    const answer = known ? { code: known } : await postJson(this.#page.urls.fix, said);
    if (answer.code !== code) refuse('act_differs');
  }

  /** Signs and sends, so much at a time as the key's holder takes; what was sent is not made anew. */
  async send(holder) {
    while (this.#sent < this.#items.length) {
      if (!this.unsent) await this.#sign(holder);
      await this.#sendSome();
    }
  }

  async #sign(holder) {
    const [from, total] = [this.#signed.length, this.#items.length];
    const items = this.#items.slice(from, from + Math.min(holder.atOnce, total));
    const report = ({ done }) => this.#page.progress('progress_signed', { done: from + done, total });
    const results = await holder.sign({ batch: this.#batch, session: this.#session, items }, report);
    const found = new Map(results.map((result) => [String(result.document), result]));
    this.#signed.push(...items.map(({ document }) => found.get(String(document)) ?? { document, ok: false, code: 'bad_answer' }));
  }

  /** `finish` is idempotent, so a part lost on the way is sent again. */
  async #sendSome() {
    this.#page.progress('progress_send', { done: this.#sent, total: this.#items.length });
    const chunk = this.#signed.slice(this.#sent, this.#sent + CHUNK);
    for (const result of chunk) if (!result.ok || result.answered) this.#page.record(result);
    const owed = chunk.filter(({ ok, answered }) => ok && !answered);
    const items = owed.map(({ document, signature, algorithm }) => ({ document, signature, signatureAlgorithm: algorithm }));
    if (items.length) {
      const answer = await postJson(this.#page.urls.finish, { session: this.#session, items });
      this.#recordAnswers(answer.items, owed);
    }
    this.#sent += chunk.length;
    this.#page.show();
  }

  /** `signed`: another signature of this act's document was accepted before, which is all that was wanted. */
  #recordAnswers(answers, owed) {
    if (!Array.isArray(answers)) refuse('bad_answer');
    for (const { document } of owed) {
      const answer = answers.find((one) => String(one.document) === String(document)) ?? { document, ok: false, code: 'bad_answer' };
      this.#page.record(answer.signed === true ? { ...answer, ok: true } : answer);
    }
  }

  /** Whether trying again goes on with this act: after a refusal for good, or without its Worker, it begins anew. */
  goesOn(error) {
    const code = codeOf(error, 'worker_failed');
    if (['act_differs', 'bad_answer'].includes(code)) return false;
    if (['closed', 'timed_out', 'worker_failed'].includes(code)) return this.allSigned;
    return error.temporary === true || this.fixed;
  }
}
