/*
 * Finding a kind of document by what people type: its name with or without accents, or its abbreviation, in which
 * capitals count (CT is a directive, CTr a programme). Without this file the list itself is there.
 */

const fold = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đð]/gi, 'd').toLowerCase();

for (const box of document.querySelectorAll('[data-find-type]')) {
  const find = box.querySelector('input');
  const list = document.getElementById('f-type_code');
  const kinds = [...box.querySelectorAll('option')].map((option) => ({
    code: option.dataset.code, name: fold(option.value), short: option.textContent,
  }));

  const best = (typed) => {
    const wanted = fold(typed);
    const tests = [
      ({ short }) => short === typed,
      ({ name }) => name === wanted,
      ({ name }) => name.startsWith(wanted),
      ({ name }) => name.includes(wanted),
    ];
    for (const test of tests) {
      const found = kinds.find(test);
      if (found) return found;
    }
    return null;
  };
  const choose = () => {
    const typed = find.value.trim();
    const found = typed ? best(typed) : null;
    if (!found || list.value === found.code) return;
    list.value = found.code;
    list.dispatchEvent(new Event('change', { bubbles: true }));
  };

  box.hidden = false;
  find.addEventListener('input', choose);
  find.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault(); // Enter here chooses; F8 and F9 save
    choose();
    list.focus();
  });
}
