/*
 * Many files at once: each is sent by itself and has a line of its own, so that one bad file stops no other. Without
 * this file the form sends them together and the page tells what came of each.
 */

const SIGNATURE = /\.(p7s|p7m)$/i;
const AT_ONCE = 2;
const form = document.querySelector('[data-drop-form]');
const list = form.querySelector('.sent');
const status = form.querySelector('[data-status]');
const waiting = [];
let running = 0;

/** Groups that are sent together: a signature with the file it is named after; all of them where they are one. */
function groups(files) {
  if (form.elements.together.checked) return [files];
  const base = (name) => name.toLowerCase().replace(/\.[^.]*$/, '');
  const contents = files.filter((file) => !SIGNATURE.test(file.name));
  const taken = new Set();
  const pairs = files.filter((file) => SIGNATURE.test(file.name)).map((signature) => {
    const beside = contents.find((one) => !taken.has(one) && [one.name.toLowerCase(), base(one.name)].includes(base(signature.name)));
    taken.add(beside);
    return beside ? [signature, beside] : [signature];
  });
  return [...pairs, ...contents.filter((one) => !taken.has(one)).map((one) => [one])];
}

function element(tag, text = '', className = '') {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** A line with its progress; `tell` puts the answer in its place. */
function line(files) {
  const row = element('li');
  const [name, words, bar] = [element('strong', files.map((file) => file.name).join(' + ')), element('span', form.dataset.waiting, 'muted'), element('progress')];
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute('aria-label', `${form.dataset.sending} ${name.textContent}`);
  row.append(name, bar, words);
  list.append(row);
  return {
    moved(part) { bar.value = part; words.textContent = part < 100 ? `${form.dataset.sending} ${part} %` : form.dataset.checking; },
    failed(text) { bar.remove(); words.textContent = text; words.className = 'refused'; },
    tell(found) { row.replaceChildren(...found.flatMap(answered)); },
  };
}

function answered(one) {
  const parts = [element('strong', one.name)];
  if (one.verdict) parts.push(element('span', one.verdict, `status ${one.tone}`));
  const words = element(one.address ? 'a' : 'span', one.words, one.state === 'refused' ? 'refused' : '');
  if (one.address) words.href = one.address;
  return [...parts, words];
}

function send(files, row) {
  return new Promise((settle) => {
    const body = new FormData();
    for (const name of ['csrf_token', 'source']) body.append(name, form.elements[name].value);
    if (form.elements.together.checked) body.append('together', '1');
    for (const file of files) body.append('files', file);
    const asked = new XMLHttpRequest();
    asked.open('POST', form.action);
    asked.setRequestHeader('Accept', 'application/json');
    asked.responseType = 'json';
    asked.upload.addEventListener('progress', (event) => row.moved(event.total ? Math.floor((100 * event.loaded) / event.total) : 0));
    asked.addEventListener('load', () => {
      if (Array.isArray(asked.response)) row.tell(asked.response);
      else row.failed(asked.response?.title ? `${asked.response.title} ${asked.response.detail}` : form.dataset.broken);
      settle();
    });
    asked.addEventListener('error', () => { row.failed(form.dataset.broken); settle(); });
    asked.send(body);
  });
}

async function work() {
  if (running >= AT_ONCE) return;
  const next = waiting.shift();
  if (!next) return;
  running += 1;
  await send(...next);
  running -= 1;
  if (!running && !waiting.length) finish();
  work();
}

/** The queue is not moved under the clerk's hands; a link shows it anew. */
function finish() {
  const again = element('a', form.dataset.again, 'btn btn-primary btn-sm');
  again.href = form.action;
  again.dataset.shown = 'anew';
  status.replaceChildren(`${form.dataset.done} `, again);
  again.focus({ preventScroll: true });
}

function take(files) {
  if (!files.length) return;
  form.querySelector('[data-progress]').hidden = false;
  status.textContent = '';
  for (const group of groups([...files])) {
    const row = line(group);
    if (group.reduce((sum, file) => sum + file.size, 0) > Number(form.dataset.limit) * 1024 * 1024) row.failed(form.dataset.tooLarge);
    else waiting.push([group, row]);
  }
  for (let lane = 0; lane < AT_ONCE; lane += 1) work();
}

form.querySelector('[data-needs-script]').hidden = false;
form.addEventListener('submit', (event) => {
  event.preventDefault();
  take(form.elements.files.files);
  form.elements.files.value = '';
});

const area = form.querySelector('[data-drop]');
let inside = 0;
const mark = (by) => { inside = Math.max(0, inside + by); area.classList.toggle('over', inside > 0); };
area.addEventListener('dragenter', (event) => { event.preventDefault(); mark(1); });
area.addEventListener('dragleave', () => mark(-1));
area.addEventListener('drop', (event) => {
  inside = 0;
  mark(0);
  take(event.dataTransfer.files);
});

// A file dropped beside the area would make the browser leave the page and open it.
for (const kind of ['dragover', 'drop']) document.addEventListener(kind, (event) => event.preventDefault());
