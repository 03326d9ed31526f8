/* The page of the signing program: one document after the other, what is done stays done.

   begin → for each document: tickets → the program fetches, signs and brings → take. The server judges what came;
   this page only carries words. Whatever stops the run leaves the documents that are left as they were. */

import { call } from './call.js';
import { SignerError } from '../errors.js';
import { noteObstacle } from '../obstacle.js';
import { ServerRefusal, postJson } from '../transport.js';

const PATIENCE_MS = 240_000;
/** After these the next document would end the same way: the run stops. */
const STOPS = new Set(['missing', 'wrong_pin', 'locked', 'cancelled', 'timeout', 'garbled', 'failed']);

class AgentPage {
  #form; #texts; #session = ''; #left = []; #refused = []; #done = 0; #total; #pinLeft; #signedBefore = false;

  constructor(form) {
    this.#form = form;
    this.#texts = JSON.parse(form.dataset.messages);
    this.#left = JSON.parse(form.dataset.documents);
    this.#total = this.#left.length;
    this.#button.disabled = false;
    form.addEventListener('submit', (event) => { event.preventDefault(); this.#run(); });
    this.#part('retry').addEventListener('click', () => this.#run());
  }

  get #button() { return this.#form.querySelector('button[type="submit"]'); }

  #part(name) { return this.#form.querySelector(`[data-${name}]`); }

  #say(code, values = {}) {
    const sentence = this.#texts[code] ?? this.#texts.server_refused;
    return sentence.replace(/\{(\w+)\}/g, (whole, place) => values[place] ?? whole);
  }

  async #run() {
    this.#busy(true);
    if (this.#left.length === 0) this.#anew();
    try {
      if (this.#session === '') await this.#begin();
      while (this.#left.length > 0) {
        const stopped = await this.#one(this.#left[0]);
        if (stopped !== null) { this.#stop(stopped); return; }
      }
      this.#finished();
    } catch (error) {
      if (['signing_session_expired', 'signing_session_not_found'].includes(error?.code)) this.#session = '';
      this.#stop((error instanceof ServerRefusal && error.text) || this.#say(error?.code));
    }
  }

  /** What was refused is tried once more, in an act of its own. */
  #anew() {
    this.#left = this.#refused;
    this.#refused = [];
    this.#session = '';
    for (const line of this.#form.querySelectorAll('[data-result="refused"]')) line.remove();
  }

  async #begin() {
    this.#progress(this.#say('begin'));
    const certificate = Number(this.#form.querySelector('input[name="certificate"]:checked').value);
    const documents = this.#left.map(({ id, version }) => ({ id, version }));
    const told = await postJson(this.#form.dataset.beginUrl, { certificate, documents });
    this.#session = told.session;
    for (const item of told.items) {
      const one = this.#left.find((entry) => entry.id === item.document);
      if (one === undefined) continue;
      if (item.ok) one.brought = item.brought === true;
      else this.#settle(one, { ok: false, message: item.message });
    }
  }

  /** Null to go on, or the sentence by which the run stops. */
  async #one(one) {
    if (!one.brought) {
      this.#progress(this.#say('working', { number: String(this.#total - this.#left.length + 1), total: String(this.#total), title: one.title }));
      const tickets = await this.#tickets(one);
      if (tickets === null) return null;
      const patience = Number(this.#form.dataset.patience ?? PATIENCE_MS);
      const told = await call(this.#form.dataset.agent, this.#form.dataset.purpose, tickets, { patience, hear: (left) => this.#heard(left) });
      if (STOPS.has(told.state)) {
        noteObstacle(this.#form, new SignerError(`agent_${told.state}`));
        return this.#trouble(told);
      }
    }
    one.brought = false;
    this.#progress(this.#say('checking', { title: one.title }));
    try {
      this.#settle(one, await postJson(this.#form.dataset.takeUrl, { session: this.#session, document: one.id }));
    } catch (error) {
      if (!(error instanceof ServerRefusal) || error.temporary || error.code.startsWith('signing_session')) throw error;
      this.#settle(one, { ok: false, message: error.text || this.#say(error.code) });
    }
    return null;
  }

  /** Null where the file is signed already: nobody is asked for a PIN, and the line leads to the signed file. */
  async #tickets(one) {
    try {
      return await postJson(this.#form.dataset.ticketsUrl, { session: this.#session, document: one.id });
    } catch (error) {
      if (error?.code !== 'ticket_signed_already') throw error;
      this.#signedBefore = true;
      this.#settle(one, { ok: true, message: error.text, where: this.#pageOf(one) });
      return null;
    }
  }

  #pageOf(one) {
    const number = String(one.id).split('.')[0];
    return this.#form.dataset.purpose === 'copy' ? `/copies/${number}` : `/outgoing/${number}`;
  }

  #heard(left) {
    this.#pinLeft = left;
    this.#part('pin').hidden = false;
    this.#part('pin').textContent = left === 1 ? this.#say('last_try') : this.#say('pin_left', { left: String(left) });
  }

  #trouble({ state, left, said }) {
    if (state === 'wrong_pin' && left === undefined) return this.#say('agent_failed', { said: said || 'PIN' });
    if (state === 'wrong_pin' && left === 1) return `${this.#say('agent_wrong_pin', { left: '1' })} ${this.#say('last_try')}`;
    return this.#say(`agent_${state}`, { left: String(left), said: said || state });
  }

  /** A document leaves the list: signed, kept, or refused with its reason. */
  #settle(one, { ok, kept, message, look, where }) {
    this.#left = this.#left.filter((entry) => entry !== one);
    if (ok) this.#done += 1;
    else if (!kept) this.#refused.push(one);
    const line = document.createElement('li');
    line.dataset.result = ok ? 'ok' : kept ? 'kept' : 'refused';
    line.textContent = `${one.title}: ${message || this.#say(ok ? 'item_ok' : 'server_refused')}`;
    if (look) line.append(' ', this.#link(look, 'look')); // what the program drew has to be seen before the file is taken
    if (where) line.append(' ', this.#link(where, 'signed_file'));
    this.#part('results').append(line);
    const bar = this.#part('progress');
    bar.hidden = false;
    bar.max = this.#total;
    bar.value = this.#total - this.#left.length;
  }

  #link(address, words) {
    const link = document.createElement('a');
    link.href = address;
    link.textContent = this.#say(words);
    return link;
  }

  #stop(sentence) {
    this.#busy(false);
    this.#progress(this.#say('partly_done', { done: String(this.#done), total: String(this.#total) }));
    const box = this.#part('errors');
    box.hidden = false;
    box.textContent = sentence;
    this.#part('pin').hidden = true;
    const again = this.#part('retry');
    again.hidden = false;
    again.textContent = this.#pinLeft === 1 ? this.#say('go_on') : this.#say('again');
    this.#button.hidden = true;
    box.focus();
  }

  #finished() {
    this.#busy(false);
    this.#button.hidden = true;
    this.#part('retry').hidden = this.#refused.length === 0;
    this.#part('retry').textContent = this.#say('again');
    this.#part('pin').hidden = true;
    const values = { done: String(this.#done), total: String(this.#total) };
    this.#progress(this.#say(this.#done === this.#total ? 'done' : 'partly_done', values));
    if (this.#done === this.#total && !this.#signedBefore) globalThis.location.assign(this.#form.dataset.next);
  }

  #busy(working) {
    this.#button.disabled = working;
    this.#part('retry').disabled = working;
    if (working) this.#part('errors').hidden = true;
  }

  #progress(sentence) { this.#part('progress-text').textContent = sentence; }
}

for (const form of document.querySelectorAll('form[data-agent]')) new AgentPage(form);
