/*
 * While a file is still being read the page asks how that stands, and then puts into itself what became known: parts
 * that tell of it are renewed, empty fields that nobody touched are filled. What somebody typed stays as it is.
 * Without this file the page shows the same when it is loaded again.
 */

const EVERY = 3000;
const MOST_TIMES = 400;
const STATES = '/incoming/arrivals/reading';
const touched = new Set();

for (const kind of ['input', 'change']) document.addEventListener(kind, (event) => touched.add(event.target));

/** The server's answer; a page is parsed by the browser itself, and its scripts do not run. */
function ask(address, type) {
  return new Promise((settle) => {
    const asked = new XMLHttpRequest();
    asked.open('GET', address);
    asked.responseType = type;
    asked.addEventListener('load', () => settle(asked.status === 200 ? asked.response : null));
    asked.addEventListener('error', () => settle(null));
    asked.send();
  });
}

const open = () => [...document.querySelectorAll('[data-reading]')];

/** The content of one part as it is now; the part itself stays, so that a screen reader tells of it. */
function renew(part, fresh) {
  const held = part.contains(document.activeElement) && document.activeElement.getAttribute('href');
  part.replaceChildren(...[...fresh.childNodes].map((node) => document.importNode(node, true)));
  part.hidden = fresh.hidden;
  if (part.dataset.done && !('reading' in fresh.dataset) && !fresh.textContent.trim()) part.append(part.dataset.done);
  for (const name of ['reading', 'state']) {
    if (name in fresh.dataset) part.dataset[name] = fresh.dataset[name];
    else delete part.dataset[name];
  }
  if (held) [...part.querySelectorAll('a')].find((link) => link.getAttribute('href') === held)?.focus();
}

/** What was read for a field, beside it; where the field holds something else, in words. */
function tell(control, other) {
  const [field, fresh] = [control.closest('.field'), other.closest('.field')];
  const chip = fresh?.querySelector('.read');
  if (!field || !chip) return;
  field.querySelector('.read')?.remove();
  const told = document.importNode(chip, true);
  if (control.value !== other.value) told.textContent = told.dataset.otherwise;
  field.querySelector('label').after(' ', told);
  for (const name of ['page', 'box']) if (name in fresh.dataset) field.dataset[name] = fresh.dataset[name];
  const described = (control.getAttribute('aria-describedby') ?? '').split(' ').filter((id) => id && id !== told.id);
  control.setAttribute('aria-describedby', [told.id, ...described].join(' '));
}

const isFree = (control) => !touched.has(control) && (control.value === '' || (control.name === 'urgency' && control.value === 'normal'));

function fill(form, page) {
  for (const control of form.querySelectorAll('[id^="f-"]')) {
    const other = page.getElementById(control.id);
    if (!other) continue;
    if (isFree(control) && other.value !== control.value) control.value = other.value;
    tell(control, other);
  }
  for (const name of ['reading', 'seen']) {
    const fresh = page.querySelector(`[data-arrival] [name="${name}"]`);
    if (fresh && form.elements[name]) form.elements[name].value = fresh.value;
  }
}

async function bring() {
  const page = await ask(location.pathname + location.search, 'document');
  if (!page) return;
  for (const part of document.querySelectorAll('[data-part]')) {
    const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
    if (fresh) renew(part, fresh);
    else delete part.dataset.reading;
  }
  const form = document.querySelector('[data-arrival]');
  if (form) fill(form, page);
}

async function look(times) {
  const waiting = open();
  if (!waiting.length || times >= MOST_TIMES) return;
  if (!document.hidden) {
    const query = new URLSearchParams([...new Set(waiting.map((part) => part.dataset.reading))].map((key) => ['of', key]));
    const states = await ask(`${STATES}?${query}`, 'json');
    if (states && waiting.some((part) => states[part.dataset.reading] !== part.dataset.state)) await bring();
  }
  setTimeout(look, EVERY, times + 1);
}

look(0);
