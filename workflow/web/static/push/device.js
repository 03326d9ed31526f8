// Turns notices on this device on and off. Every state has its words in the page; this file chooses which are shown.

const part = document.querySelector('[data-push]');
const token = document.querySelector('meta[name="csrf-token"]').content;
const { worker, key } = part.dataset;

/** Under `require-trusted-types-for 'script'` only this policy exists, and it knows one address. */
const policy = globalThis.trustedTypes?.createPolicy('push', {
  createScriptURL(address) {
    if (address !== worker) throw new TypeError('this page starts no other worker');
    return address;
  },
});

const toBytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0));
const same = (buffer, bytes) => buffer !== null && bytes.every((byte, at) => byte === new Uint8Array(buffer)[at]);
const ours = () => navigator.serviceWorker.getRegistration(worker);

function show(state) {
  for (const words of part.querySelectorAll('[data-state]')) words.hidden = !words.dataset.state.split(' ').includes(state);
  part.dataset.now = state;
}

/** Where the page stands before anybody pressed anything. */
async function look() {
  if (/\b(Zalo|FBAN|FBAV|FB_IAB|Instagram|Line)\b|; wv\)/.test(navigator.userAgent)) return 'inside';
  if (!globalThis.isSecureContext) return 'insecure';
  if (!('serviceWorker' in navigator && 'PushManager' in globalThis && 'Notification' in globalThis)) {
    return /iPhone|iPad/.test(navigator.userAgent) ? 'apple' : 'unable';
  }
  if (Notification.permission === 'denied') return 'blocked';
  if (Notification.permission === 'granted' && part.dataset.known) {
    const subscription = await (await ours())?.pushManager.getSubscription();
    if (subscription && same(subscription.options.applicationServerKey, toBytes(key))) return 'on';
  }
  return 'off';
}

async function post(address, body) {
  const answer = await fetch(address, {
    method: 'POST',
    headers: { 'X-CSRFToken': token, 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(body ?? {}),
  });
  if (!answer.ok) throw Object.assign(new Error(), await answer.json());
}

/** The worker, once it runs: browsers subscribe only then. */
async function started() {
  const registration = await navigator.serviceWorker.register(policy ? policy.createScriptURL(worker) : worker);
  const coming = registration.installing ?? registration.waiting;
  if (registration.active || !coming) return registration;
  await new Promise((done) => {
    coming.addEventListener('statechange', () => { if (registration.active) done(); });
    if (registration.active) done();
  });
  return registration;
}

async function subscribed() {
  const { pushManager } = await started();
  const held = await pushManager.getSubscription();
  if (held && same(held.options.applicationServerKey, toBytes(key))) return held;
  await held?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: toBytes(key) });
}

async function turnOn() {
  if (part.dataset.now === 'working') return;
  show('working');
  const allowed = await Notification.requestPermission();
  if (allowed !== 'granted') {
    show(allowed === 'denied' ? 'blocked' : 'closed');
    return;
  }
  try {
    const { endpoint, keys } = (await subscribed()).toJSON();
    await post(part.dataset.add, { endpoint, p256dh: keys.p256dh, auth: keys.auth });
  } catch (error) {
    if (error.title) part.querySelector('[data-refused]').textContent = error.title;
    show(error.title ? 'refused' : 'failed');
    return;
  }
  location.assign(part.dataset.next);
}

/** The browser forgets its subscription first; the form beside the button tells the service. */
async function turnOff(event) {
  event.preventDefault();
  const subscription = await (await ours())?.pushManager.getSubscription();
  await subscription?.unsubscribe().catch(() => {});
  event.target.submit();
}

part.querySelector('[data-turn-on]').addEventListener('click', turnOn);
document.querySelector('form[data-turn-off]')?.addEventListener('submit', turnOff);
show(await look());
