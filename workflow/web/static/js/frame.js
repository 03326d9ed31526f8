// What every page gains where scripts run; nothing needs it.

const texts = document.documentElement.lang === 'vi'
  ? { show: 'Hiện mật khẩu', hide: 'Ẩn mật khẩu', copied: 'Đã chép', telex: 'Có vẻ bộ gõ tiếng Việt đang bật: kiểm tra mật khẩu.' }
  : { show: 'Show password', hide: 'Hide password', copied: 'Copied', telex: 'Vietnamese typing seems to be on: check the password.' };

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

/** Forms that say data-keep survive a reload: their fields are kept in this tab until the form was sent. */
function keepTyped(form) {
  const key = `kept:${location.pathname}:${form.dataset.keep}`;
  const fields = () => [...form.elements].filter((field) => field.name && !['hidden', 'password', 'file'].includes(field.type));
  const kept = JSON.parse(sessionStorage.getItem(key) ?? 'null');
  if (kept !== null) {
    for (const field of fields()) {
      if (field.type === 'checkbox' || field.type === 'radio') continue;
      if (!field.value && kept[field.name]) field.value = kept[field.name];
    }
  }
  form.addEventListener('input', () => {
    sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(fields().map((field) => [field.name, field.value]))));
  });
  form.addEventListener('submit', () => sessionStorage.removeItem(key));
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

document.querySelectorAll('input[data-secret]').forEach(helpWithSecret);
document.querySelectorAll('form[data-keep]').forEach(keepTyped);
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
