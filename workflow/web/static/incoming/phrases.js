/* One tap puts a phrase where the cursor is; without this file the form comes back with it at the end. */

for (const button of document.querySelectorAll('button[data-phrase]')) {
  const area = document.getElementById(button.dataset.phrase);
  button.type = 'button';
  button.addEventListener('click', () => {
    const before = area.value.slice(0, area.selectionStart || area.value.length).trimEnd();
    const after = area.value.slice(area.selectionStart || area.value.length);
    area.value = `${before}${before ? ' ' : ''}${button.value}${after}`.slice(0, area.maxLength);
    area.dispatchEvent(new Event('input', { bubbles: true }));
    area.focus();
  });
}
