/*
 * Buttons [data-copy-address="id of a read-only box"]: the box's text goes to the clipboard. Where a browser within another
 * program forbids that, the text is selected, so that a finger can copy it. [data-copied] beside it says which it was.
 */

async function copy(box) {
  box.focus();
  box.select();
  try {
    await navigator.clipboard.writeText(box.value);
    return true;
  } catch {
    return false;
  }
}

for (const button of document.querySelectorAll('button[data-copy-address]')) {
  const box = document.getElementById(button.dataset.copyAddress);
  const told = button.closest('section').querySelector('[data-copied]');
  button.hidden = false;
  button.addEventListener('click', async () => {
    told.textContent = await copy(box) ? told.dataset.words : told.dataset.select;
  });
}
