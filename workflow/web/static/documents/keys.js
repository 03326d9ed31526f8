/*
 * Function keys for what a page says with data-key="F9", and arrows through the rows of a list. Function keys and
 * Enter survive Vietnamese typing, letters do not. Everything works without this file too.
 */

const targets = new Map([...document.querySelectorAll('[data-key]')].map((element) => [element.dataset.key, element]));

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  const target = targets.get(event.key);
  if (target) {
    event.preventDefault();
    target.focus();
    target.click();
  } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    moveInList(event, event.key === 'ArrowDown' ? 1 : -1);
  }
});

/** From the link of one row to that of the next; Enter opens it. */
function moveInList(event, step) {
  const links = [...document.querySelectorAll('.papers tbody th a')];
  const at = links.indexOf(document.activeElement);
  if (at < 0 && document.activeElement !== document.body && document.activeElement.id !== 'main') return;
  const next = links[at < 0 ? 0 : at + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** One box ticks all that can be ticked; the button says how many are chosen and rests while there is none. */
for (const all of document.querySelectorAll('input[data-tick-all]')) {
  const named = all.dataset.tickAll || 'documents';
  const boxes = [...all.form.elements].filter((box) => box.name === named && box.type === 'checkbox');
  const counts = all.form.querySelectorAll('[data-count]');
  const sends = all.form.querySelectorAll('button[type=submit]');
  const hint = all.form.querySelector('[data-tick-first]');
  const show = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    const every = all.form.elements.all?.checked === true;
    for (const place of counts) place.textContent = every ? '…' : String(chosen);
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
    for (const send of sends) send.setAttribute('aria-disabled', String(chosen === 0 && !every));
    hint.hidden = chosen > 0 || every;
  };
  all.hidden = false;
  all.addEventListener('change', () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  document.addEventListener('change', ({ target }) => { // boxes stand outside of their form, in the rows
    if (target.form === all.form) show();
  });
  all.form.addEventListener('submit', (event) => {
    if (boxes.some((box) => box.checked) || all.form.elements.all?.checked) return;
    event.preventDefault();
    boxes[0]?.focus();
  });
  show();
}
