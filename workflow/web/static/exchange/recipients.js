/*
 * Finding the agencies that a draft goes to. Typing shows what fits, with or without accents; Enter ticks the first
 * one, arrows walk through the list. Without this file every box is there to be ticked.
 */

const fold = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đð]/gi, 'd').toLowerCase();

for (const group of document.querySelectorAll('[data-recipients]')) {
  const find = group.querySelector('input[type=search]');
  const none = group.querySelector('[data-none]');
  const told = group.querySelector('[data-chosen]');
  const rows = [...group.querySelectorAll('li')].map((row) => ({
    row, box: row.querySelector('input'), words: fold(row.textContent),
  }));
  const shown = () => rows.filter(({ row }) => !row.hidden);

  const count = () => {
    const chosen = rows.filter(({ box }) => box.checked).length;
    told.textContent = chosen ? `${chosen} ${told.dataset.chosen}` : '';
  };
  const narrow = () => {
    const wanted = fold(find.value).split(/\s+/).filter(Boolean);
    for (const { row, box, words } of rows) {
      row.hidden = !wanted.every((word) => words.includes(word)) && !(box.checked && !wanted.length);
    }
    none.hidden = shown().length > 0;
  };
  const walk = (step) => {
    const boxes = shown().map(({ box }) => box);
    const at = boxes.indexOf(document.activeElement);
    (boxes[at + step] ?? (step < 0 ? find : boxes[at]))?.focus();
  };

  group.querySelector('.find').hidden = false;
  find.addEventListener('input', narrow);
  group.addEventListener('change', count);
  group.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      walk(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Enter' && group.contains(event.target)) {
      event.preventDefault(); // Enter here chooses; F8 and F9 save
      const first = event.target === find ? shown()[0]?.box : event.target;
      if (!first || (event.target === find && !find.value.trim())) return;
      first.checked = event.target === find ? true : !first.checked;
      if (event.target === find) {
        find.value = '';
        narrow();
      }
      count();
    }
  });
  count();
}

for (const known of document.querySelectorAll('.fill')) {
  known.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && event.target.matches('input')) {
      event.preventDefault();
      known.querySelector('button').click();
    }
  });
}
