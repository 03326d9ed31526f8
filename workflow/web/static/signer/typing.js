/* The password box: show what is typed, and warn when a Vietnamese keyboard or Caps Lock is probably changing it. */

/** Telex and VNI turn plain keys into letters with marks; such a letter in a password box is rarely meant. */
const MARKED = /[\u0300-\u036f]|[^\x20-\x7e]/;

export function watchPassword(input, { toggle, telexWarning, capsWarning }) {
  let composing = false;
  const review = () => {
    if (telexWarning) telexWarning.hidden = !composing && !MARKED.test(input.value);
  };
  input.addEventListener('compositionstart', () => { composing = true; review(); });
  input.addEventListener('compositionend', () => { composing = false; review(); });
  input.addEventListener('input', review);
  input.addEventListener('keyup', (event) => {
    if (capsWarning && event.getModifierState) capsWarning.hidden = !event.getModifierState('CapsLock');
  });
  toggle?.addEventListener('click', () => show(input, toggle, input.type === 'password'));
  return () => {
    show(input, toggle, false);
    review();
  };
}

function show(input, toggle, visible) {
  input.type = visible ? 'text' : 'password';
  toggle?.setAttribute('aria-pressed', String(visible));
}
