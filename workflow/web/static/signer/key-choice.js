/*
 * Which key signs, on [data-key-choice]: shows the way that is chosen and remembers it on this device.
 *   input[type=radio][data-remembered]     one for each way; data-needs-computer: of no use where nothing can be plugged in
 *   [data-why-not] beside it               why, shown when the page finds that out itself
 *   [data-way-panel="value of the radio"]  the part of the page that signs by it
 *   [data-touch-only]                      what the page took the device for, and how to say otherwise
 * data-remember: name of the cookie. It holds the way's name, nothing else; without it nothing is remembered.
 */

const YEAR = 365 * 24 * 3600;

class KeyChoice {
  constructor(root) {
    this.root = root;
    this.radios = [...root.querySelectorAll('input[type=radio]')];
    for (const radio of this.radios) radio.addEventListener('change', () => this.#chosen(radio));
    if (!root.hasAttribute('data-as-told') && onlyTouched()) this.#withoutComputer();
    this.#show();
  }

  #chosen(radio) {
    if (this.root.dataset.remember) this.#remember(radio);
    this.#show();
  }

  #remember(radio) {
    const secure = globalThis.location.protocol === 'https:' ? '; secure' : '';
    document.cookie = `${this.root.dataset.remember}=${radio.dataset.remembered}; path=/sign; max-age=${YEAR}; samesite=strict${secure}`;
  }

  /** What has to be plugged in cannot be chosen; the next best way is. */
  #withoutComputer() {
    const idle = this.radios.filter((radio) => radio.hasAttribute('data-needs-computer'));
    for (const radio of idle) {
      radio.disabled = true;
      radio.closest('.way').classList.add('idle');
      for (const why of radio.closest('.way').querySelectorAll('[data-why-not]')) why.hidden = false;
    }
    for (const note of this.root.querySelectorAll('[data-touch-only]')) note.hidden = idle.length === 0;
    if (!this.radios.some((radio) => radio.checked && !radio.disabled)) {
      const next = this.radios.find((radio) => !radio.disabled);
      for (const radio of this.radios) radio.checked = radio === next;
    }
  }

  #show() {
    const chosen = this.radios.find((radio) => radio.checked && !radio.disabled)?.value;
    for (const panel of this.root.querySelectorAll('[data-way-panel]')) panel.hidden = panel.dataset.wayPanel !== chosen;
  }
}

/** A screen that is touched, and nothing else to point with: tablets that call themselves computers are known by it. */
function onlyTouched() {
  return globalThis.navigator.maxTouchPoints > 0 && !globalThis.matchMedia('(any-pointer: fine)').matches;
}

for (const root of document.querySelectorAll('[data-key-choice]')) new KeyChoice(root);
