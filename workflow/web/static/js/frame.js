// What every page gains where scripts run; nothing needs it.

const texts = document.documentElement.lang === 'vi'
  ? {
    show: 'Hiện mật khẩu', hide: 'Ẩn mật khẩu', copied: 'Đã chép', telex: 'Có vẻ bộ gõ tiếng Việt đang bật: kiểm tra mật khẩu.',
    large: (size, most) => `Đã chọn ${size} MB; mỗi lần gửi được tối đa ${most} MB. Chưa gửi gì và nội dung đã gõ vẫn còn. Chọn tệp nhỏ hơn, hoặc gửi từng tệp.`,
  }
  : {
    show: 'Show password', hide: 'Hide password', copied: 'Copied', telex: 'Vietnamese typing seems to be on: check the password.',
    large: (size, most) => `${size} MB were chosen; at most ${most} MB can be sent at once. Nothing was sent, and what you typed is still here. Choose a smaller file, or send the files one by one.`,
  };

/** A button beside each password shows what was typed; a note warns of letters that only an input method makes. */
function helpWithSecret(input) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'btn btn-outline-secondary';
  button.textContent = texts.show;
  button.addEventListener('click', () => {
    const hidden = input.type === 'password';
    input.type = hidden ? 'text' : 'password';
    button.textContent = hidden ? texts.hide : texts.show;
  });
  input.after(button);
  const note = document.createElement('p');
  note.className = 'form-text';
  note.setAttribute('role', 'status');
  input.parentElement.after(note);
  input.addEventListener('input', () => {
    note.textContent = /[^\u0020-\u007e]/.test(input.value) ? texts.telex : '';
  });
}

const SENT = 'sent:';
const KEPT = 'kept:';
const mine = `${KEPT}${document.querySelector('meta[name="person"]')?.content ?? ''}:`;

/** What somebody typed is nobody else's: the next person in this tab finds nothing of it, nor does whoever logs out. */
function forgetOthers(isMine) {
  const typed = Object.keys(sessionStorage).filter((name) => name.startsWith(KEPT) || name.startsWith(SENT));
  for (const key of typed) if (!isMine(key.replace(SENT, ''))) sessionStorage.removeItem(key);
}

/**
 * What was typed in a form that was sent is forgotten with the next page, unless that page says that nothing of it
 * arrived ([data-typed-stays]) or it is the form itself, reached by the browser's way back: then it is there again.
 */
function settleSent() {
  const back = performance.getEntriesByType('navigation')[0]?.type === 'back_forward';
  const stays = back || document.querySelector('[data-typed-stays]') !== null;
  for (const key of Object.keys(sessionStorage).filter((name) => name.startsWith(SENT))) {
    if (stays) sessionStorage.setItem(key.slice(SENT.length), sessionStorage.getItem(key));
    sessionStorage.removeItem(key);
  }
}

/** Forms that say data-keep, and those that take files, survive a reload: their fields are kept in this tab until the form was taken. */
function keepTyped(form) {
  const key = `${mine}${location.pathname}:${form.dataset.keep ?? form.getAttribute('action')}`;
  const fields = () => [...form.elements].filter((field) => field.name && field.dataset.secret === undefined && !['hidden', 'password', 'file', 'checkbox', 'radio'].includes(field.type));
  const { typed = {}, before = {} } = JSON.parse(sessionStorage.getItem(key) ?? '{}');
  for (const field of fields()) { // over what the page says itself only where it says the same as when it was typed
    const untouched = !field.value || (field.value === field.defaultValue && field.value === before[field.name]);
    if (untouched && typed[field.name]) field.value = typed[field.name];
  }
  form.addEventListener('input', () => {
    const named = (value) => Object.fromEntries(fields().map((field) => [field.name, value(field)]));
    sessionStorage.setItem(key, JSON.stringify({ typed: named((field) => field.value), before: named((field) => field.defaultValue ?? '') }));
  });
  form.addEventListener('submit', () => {
    const typedNow = sessionStorage.getItem(key);
    if (typedNow !== null) sessionStorage.setItem(SENT + key, typedNow);
    sessionStorage.removeItem(key);
  });
}

const MEGABYTE = 1024 * 1024;
const AROUND = 0.9 * MEGABYTE; // the service reads one megabyte more than its files may hold, for all that goes with them

/** Files that the service would not even read are told beside their field; nothing is sent, nothing is lost. */
function watchSizes(form, most) {
  const inputs = [...form.querySelectorAll('input[type="file"]')];
  const note = document.createElement('p');
  note.className = 'invalid';
  note.setAttribute('role', 'alert');
  form.addEventListener('change', (event) => {
    if (!inputs.includes(event.target)) return;
    const size = inputs.flatMap((input) => [...input.files]).reduce((sum, file) => sum + file.size, 0);
    const words = size > most + AROUND ? texts.large(Math.ceil(size / MEGABYTE), Math.floor(most / MEGABYTE)) : '';
    for (const input of inputs) input.setCustomValidity(input === event.target ? words : '');
    note.textContent = words;
    if (words) event.target.after(note);
    else note.remove();
  });
}

/** A second click on a form that was sent does nothing. */
function sendOnce(form) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = 'yes';
    setTimeout(() => { delete form.dataset.sent; }, 5000);
  });
}

function copyOnClick(button) {
  const source = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener('click', async () => {
    source.select();
    await navigator.clipboard.writeText(source.value);
    button.textContent = texts.copied;
  });
}

if (mine !== `${KEPT}:`) forgetOthers((key) => key.startsWith(mine));
settleSent();
document.querySelector('form[action="/logout"]')?.addEventListener('submit', () => forgetOthers(() => false));
const most = Number(document.querySelector('meta[name="upload-limit"]')?.content);
const withFiles = new Set([...document.querySelectorAll('form[method="post"] input[type="file"]')].map((input) => input.form));
if (most) for (const form of withFiles) watchSizes(form, most);
document.querySelectorAll('input[data-secret]').forEach(helpWithSecret);
for (const form of new Set([...document.querySelectorAll('form[data-keep]'), ...withFiles])) keepTyped(form);
document.querySelectorAll('form[method="post"]').forEach(sendOnce);
document.querySelectorAll('button[data-copy]').forEach(copyOnClick);
document.querySelector('#problems')?.focus();
document.addEventListener('pageshow', () => document.querySelectorAll('form').forEach((form) => delete form.dataset.sent));
document.addEventListener('click', (event) => {
  for (const open of document.querySelectorAll('details.who[open]')) if (!open.contains(event.target)) open.open = false;
});
document.addEventListener('keydown', (event) => {
  const open = event.key === 'Escape' && document.querySelector('details.who[open]');
  if (open) { open.open = false; open.querySelector('summary').focus(); }
});
