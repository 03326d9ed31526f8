/*
 * The form of an arrival: a field shows where it was read on the paper, Enter in the subject sends, a deadline asks
 * only for what its kind needs. Everything works without this file too.
 */

const MARGIN = 3; // points around what was read

let shown = null;

/** A frame over the page image; the box is in points from the lower left corner of the page. */
function show(field) {
  shown?.remove();
  shown = null;
  const sheet = document.getElementById(`page-${field.dataset.page}`);
  if (!sheet) return;
  const [width, height] = [Number(sheet.dataset.width), Number(sheet.dataset.height)];
  const [left, bottom, right, top] = field.dataset.box.split(' ').map(Number);
  const percent = (value, whole) => `${(100 * value) / whole}%`;
  shown = document.createElement('div');
  shown.className = 'read-box';
  Object.assign(shown.style, {
    left: percent(left - MARGIN, width),
    top: percent(height - top - MARGIN, height),
    width: percent(right - left + 2 * MARGIN, width),
    height: percent(top - bottom + 2 * MARGIN, height),
  });
  sheet.append(shown);
  bringIntoView(sheet);
}

/** Only the paper moves, never the page: what is typed stays where it is. */
function bringIntoView(sheet) {
  const frame = sheet.closest('.paper');
  const [outer, inner] = [frame.getBoundingClientRect(), shown.getBoundingClientRect()];
  if (inner.top >= outer.top && inner.bottom <= outer.bottom) return;
  frame.scrollTop += inner.top - outer.top - outer.height / 3;
}

// fields may learn later where they were read (reading.js)
document.addEventListener('focusin', (event) => {
  const field = event.target.closest('[data-box]');
  if (field) show(field);
});
document.addEventListener('click', (event) => {
  const field = event.target.closest('[data-show]')?.closest('[data-box]');
  if (!field) return;
  event.preventDefault();
  show(field);
});

for (const area of document.querySelectorAll('textarea[data-enter-sends]')) {
  area.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    area.form.requestSubmit(area.form.querySelector('button[type=submit]'));
  });
}

for (const row of document.querySelectorAll('[data-due]')) {
  const kind = row.querySelector('select');
  const fit = () => {
    for (const part of row.querySelectorAll('[data-for]')) part.hidden = !part.dataset.for.split(' ').includes(kind.value);
  };
  kind.addEventListener('change', fit);
  fit();
}

// The browser may have put the cursor into the first field before this file was there.
const begun = document.activeElement?.closest('[data-box]');
if (begun) show(begun);
