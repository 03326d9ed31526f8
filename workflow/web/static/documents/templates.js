/*
 * The templates of the chosen type only; a chosen one of another type is let go. Without this file all of them are
 * there, in groups, and the server says which one does not fit.
 */

for (const list of document.querySelectorAll('[data-templates]')) {
  const type = document.getElementById('f-type_code');
  const fit = () => {
    for (const group of list.querySelectorAll('optgroup')) {
      const fits = !type.value || group.dataset.type === type.value;
      group.hidden = !fits;
      group.disabled = !fits;
      if (!fits && group.contains(list.selectedOptions[0] ?? null)) list.value = '';
    }
  };
  type.addEventListener('change', fit);
  fit();
}
