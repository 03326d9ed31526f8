/* What came of each document, as a sentence and a list. */

import { paragraph } from './page-form.js';

export class Results {
  #all = new Map();

  constructor(place, texts, titles) {
    this.place = place;
    this.texts = texts;
    this.titles = titles;
  }

  get list() {
    return [...this.#all.values()];
  }

  /** Signed, or kept to be judged later: nothing is left to do. */
  settled(id) {
    return settled(this.#all.get(String(id)));
  }

  get complete() {
    return this.list.every(settled);
  }

  record({ document, ok, pending, code, message, url }) {
    this.#all.set(String(document), { document, ok: ok === true, pending: pending === true, code, message, url });
  }

  show() {
    const { list } = this;
    const done = list.filter(({ ok }) => ok).length;
    const lines = document.createElement('ul');
    lines.append(...list.map((result) => this.#line(result)));
    const sentence = this.texts.get(done === list.length ? 'done' : 'partly_done', { done, total: list.length });
    this.place.replaceChildren(paragraph(sentence), lines);
  }

  #line({ document: id, ok, pending, code, message, url }) {
    const line = document.createElement('li');
    line.dataset.state = ok ? 'ok' : pending ? 'pending' : 'failed';
    if (code) line.dataset.code = code;
    const title = document.createElement(url?.startsWith('/') ? 'a' : 'strong');
    if (title instanceof HTMLAnchorElement) title.href = url;
    title.textContent = this.titles().get(String(id)) ?? String(id);
    line.append(title, `: ${ok ? this.texts.get('item_ok') : message || this.texts.get(code ?? 'server_refused')}`);
    return line;
  }
}

const settled = (result) => result?.ok === true || result?.pending === true;
