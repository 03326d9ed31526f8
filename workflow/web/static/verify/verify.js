// The check of a file where scripts run: drop it, see how far it is, wait for a turn, cut out what a signer saw.
// Nothing needs it: without it the form is sent as any other, and the page says how many bytes a state has.

const TRIES = 40;
const LEAST_WAIT = 1000;
const MESSAGE = /\.(p7s|p7m|p7b)$/i;

let held = null; // the file that was sent: it never left this tab as anything but a copy

/** Put dropped files into the two inputs: of two, the signature file is the one to be checked. */
function fill(form, files) {
  const sorted = [...files].slice(0, 2).sort((one, other) => MESSAGE.test(other.name) - MESSAGE.test(one.name));
  for (const [index, name] of ['file', 'content'].entries()) {
    const carried = new DataTransfer();
    if (sorted[index]) carried.items.add(sorted[index]);
    form.elements[name].files = carried.files;
  }
  if (sorted[1]) form.elements.content.closest('details').open = true;
}

function takeDrops(form, area) {
  let inside = 0;
  const mark = (by) => { inside = Math.max(0, inside + by); area.classList.toggle('over', inside > 0); };
  area.addEventListener('dragenter', (event) => { event.preventDefault(); mark(1); });
  area.addEventListener('dragleave', () => mark(-1));
  area.addEventListener('dragover', (event) => event.preventDefault());
  area.addEventListener('drop', (event) => {
    event.preventDefault();
    inside = 0;
    mark(0);
    if (!event.dataTransfer.files.length) return;
    fill(form, event.dataTransfer.files);
    form.requestSubmit();
  });
}

/** One try: an answer (a document with its status), or null where the connection broke. */
function send(form, job, heard) {
  return new Promise((settle) => {
    const asked = new XMLHttpRequest();
    job.stop = () => asked.abort();
    asked.open('POST', form.action);
    asked.responseType = 'document';
    asked.setRequestHeader('Accept', 'text/html');
    asked.upload.addEventListener('progress', (event) => heard(event.loaded, event.total));
    asked.addEventListener('load', () => settle({
      status: asked.status,
      page: asked.response,
      ahead: asked.getResponseHeader('X-Ahead') ?? '0',
      wait: 1000 * Number(asked.getResponseHeader('Retry-After') ?? 3),
    }));
    asked.addEventListener('error', () => settle(null));
    asked.addEventListener('abort', () => settle(null));
    asked.send(new FormData(form));
  });
}

const pause = (job, milliseconds) => new Promise((settle) => {
  const timer = setTimeout(settle, milliseconds);
  job.stop = () => { clearTimeout(timer); settle(); };
});

/** Send until there is an answer that is one. A busy service is asked again; so is a line that broke, twice. */
async function persist(form, job, say) {
  let broken = 0;
  for (let tries = 0; tries < TRIES && !job.stopped; tries += 1) {
    const answer = await send(form, job, (loaded, total) => say.sending(loaded, total));
    if (job.stopped) break;
    if (answer?.page && answer.status !== 503) return answer;
    if (!answer) broken += 1;
    if (broken > 2) { say.words(form.dataset.broken); return null; }
    say.waiting(answer?.ahead ?? '…');
    await pause(job, Math.max(LEAST_WAIT, answer?.wait ?? LEAST_WAIT));
  }
  say.words(job.stopped ? form.dataset.stopped : form.dataset.givenUp);
  return null;
}

function speaker(form) {
  const status = form.querySelector('[data-status]');
  const shown = form.querySelector('[data-progress]');
  const bar = shown.querySelector('progress');
  return {
    words(text) { shown.hidden = true; status.textContent = text; },
    waiting(ahead) { shown.hidden = true; status.textContent = `${form.dataset.waiting} ${ahead}`; },
    sending(loaded, total) {
      const part = total ? Math.floor((100 * loaded) / total) : 0;
      shown.hidden = part >= 100;
      bar.value = part;
      const text = part >= 100 ? form.dataset.checking : form.dataset.sending;
      if (status.textContent !== text) status.textContent = text; // said once, not at every percent
    },
  };
}

/** The answer's page takes the place of this one, so that the chosen file stays in this tab. */
function show(page) {
  const main = document.adoptNode(page.querySelector('main'));
  document.querySelector('main').replaceWith(main);
  document.title = page.title;
  begin(main);
  const first = main.querySelector('#problems') ?? main.querySelector('h1');
  first.tabIndex = -1;
  first.focus();
  window.scrollTo(0, 0);
}

async function check(form) {
  const files = [form.elements.file.files[0], form.elements.content.files[0]].filter(Boolean);
  const say = speaker(form);
  if (files.reduce((sum, file) => sum + file.size, 0) > Number(form.dataset.limit)) {
    say.words(form.dataset.tooLarge);
    return;
  }
  const job = { stopped: false, stop() {} };
  const [button, stop] = [form.querySelector('button[type=submit]'), form.querySelector('[data-stop]')];
  const end = () => { job.stopped = true; job.stop(); };
  stop.addEventListener('click', end, { once: true });
  button.disabled = true;
  stop.hidden = false;
  const answer = await persist(form, job, say);
  stop.removeEventListener('click', end);
  button.disabled = false;
  stop.hidden = true;
  if (!answer) return;
  [held] = files;
  show(answer.page);
}

/** Cut the file's beginning out of the file itself; nothing is asked for. */
function cut(button) {
  const end = Number(button.dataset.slice);
  const dot = held.name.lastIndexOf('.');
  const [base, ending] = dot > 0 ? [held.name.slice(0, dot), held.name.slice(dot)] : [held.name, ''];
  const address = URL.createObjectURL(held.slice(0, end, 'application/pdf'));
  const link = document.createElement('a');
  link.href = address;
  link.download = `${base} (${button.dataset.name})${ending}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function begin(main) {
  const form = main.querySelector('form[data-check]');
  if (form) {
    form.querySelector('[data-needs-script]').hidden = false;
    takeDrops(form, form.querySelector('[data-drop]'));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (!form.querySelector('button[type=submit]').disabled) check(form);
    });
  }
  if (!held) return;
  for (const button of main.querySelectorAll('[data-slice]')) {
    button.hidden = false;
    button.addEventListener('click', () => cut(button));
  }
  for (const words of main.querySelectorAll('[data-without-file]')) words.hidden = true;
}

// A file dropped beside the area would make the browser leave the page and open it.
for (const kind of ['dragover', 'drop']) document.addEventListener(kind, (event) => event.preventDefault());
begin(document.querySelector('main'));
