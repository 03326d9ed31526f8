/* One call to the signing program on this computer: a document in, a document out. Every end has a name. */

import { answer, question } from './messages.js';

const OPENING_MS = 8_000;

/** Resolves to {state, left, said}: done, wrong_pin, locked, cancelled, failed, garbled, missing or timeout.

    `hear` is told how many attempts at the PIN are left as soon as the program says so. Never rejects. */
export function call(agent, purpose, tickets, { patience, hear = () => {}, opening = OPENING_MS }) {
  return new Promise((resolve) => {
    const { path, text } = question(purpose, tickets);
    let opened = false;
    let timer;
    let socket;
    const end = (result) => {
      clearTimeout(timer);
      if (socket !== undefined) {
        socket.onopen = socket.onmessage = socket.onerror = socket.onclose = null;
        socket.close();
      }
      resolve(result);
    };
    try {
      socket = new WebSocket(agent + path);
    } catch {
      end({ state: 'missing' });
      return;
    }
    timer = setTimeout(() => end({ state: 'missing' }), opening);
    socket.onopen = () => {
      opened = true;
      clearTimeout(timer);
      timer = setTimeout(() => end({ state: 'timeout' }), patience);
      socket.send(text);
    };
    socket.onmessage = (event) => {
      const told = typeof event.data === 'string' ? answer(event.data) : { state: 'garbled' };
      if (told.left !== undefined) hear(told.left);
      if (told.state !== 'event') end(told);
    };
    socket.onerror = () => { if (!opened) end({ state: 'missing' }); };
    socket.onclose = () => end({ state: opened ? 'failed' : 'missing', said: '' });
  });
}
