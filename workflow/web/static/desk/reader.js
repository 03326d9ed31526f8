/*
 * The reader of the desk: arrow keys and a swipe go to the paper before or after, a remark is put on a spot of a page
 * with a finger or with the arrow keys. Nothing moves by itself; every link and form works without this file.
 */

const reader = document.querySelector('[data-reader]');
const link = (rel) => document.querySelector(`a[rel="${rel}"]`);
const go = (rel) => link(rel)?.click(); // as a press, so that no-network.js hears of it

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
  if (event.target.closest('input, textarea, select, .pin-spot')) return;
  if (event.key === 'ArrowLeft') go('prev');
  else if (event.key === 'ArrowRight') go('next');
});

const FAR = 70; // pixels across
const LONG = 900; // milliseconds
const EDGE = 24; // pixels at the sides belong to the browser's own gestures

/** One finger, quick, clearly sideways; scrolling and pinching stay the browser's (touch-action), zoomed pages too. */
class Swipe {
  constructor(area) {
    this.from = null;
    this.fingers = new Set();
    area.addEventListener('pointerdown', (event) => this.down(event));
    area.addEventListener('pointerup', (event) => this.up(event));
    for (const gone of ['pointercancel', 'pointerleave']) area.addEventListener(gone, (event) => this.drop(event));
  }

  down(event) {
    if (event.pointerType === 'mouse') return;
    this.fingers.add(event.pointerId);
    const zoomed = (window.visualViewport?.scale ?? 1) > 1.01;
    const edge = event.clientX < EDGE || event.clientX > innerWidth - EDGE;
    const held = event.target.closest('input, textarea, select, .pin-spot, summary');
    this.from = this.fingers.size > 1 || zoomed || edge || held ? null : { x: event.clientX, y: event.clientY, at: event.timeStamp };
  }

  up(event) {
    const from = this.from;
    this.drop(event);
    if (!from) return;
    const [across, along] = [event.clientX - from.x, event.clientY - from.y];
    if (Math.abs(across) < FAR || Math.abs(across) < 2 * Math.abs(along) || event.timeStamp - from.at > LONG) return;
    go(across < 0 ? 'next' : 'prev');
  }

  drop(event) {
    this.fingers.delete(event.pointerId);
    this.from = null;
  }
}

if (reader) new Swipe(reader);

/** The spot of a remark: the hidden fields of its form stay the truth. */
class Spot {
  constructor(form, button) {
    this.form = form;
    this.button = button;
    this.pages = new Map([...document.querySelectorAll('[data-page]')].map((page) => [Number(page.dataset.page), page]));
    this.marker = document.createElement('button');
    this.marker.type = 'button';
    this.marker.className = 'pin-spot';
    this.marker.setAttribute('aria-label', form.dataset.marker);
    this.marker.addEventListener('keydown', (event) => this.key(event));
    this.marker.addEventListener('click', (event) => { event.stopPropagation(); this.write(); });
    form.elements.page.addEventListener('change', () => this.middle(Number(form.elements.page.value)));
    button.setAttribute('aria-pressed', 'false');
    button.addEventListener('click', (event) => { event.preventDefault(); this.turn(button); });
    for (const [number, page] of this.pages) page.addEventListener('click', (event) => this.touch(event, number, page));
    form.querySelector('[data-pin-help]').hidden = false;
    form.querySelector('[data-pin-back] a').addEventListener('click', (event) => {
      event.preventDefault();
      document.querySelector('[data-pin-now]').hidden = !reader.classList.contains('pinning');
      this.marker.scrollIntoView({ block: 'center' });
      this.marker.focus({ preventScroll: true });
    });
    if (form.elements.x.value) this.draw();
  }

  turn(button) {
    const on = reader.classList.toggle('pinning');
    button.setAttribute('aria-pressed', String(on));
    document.querySelector('[data-pin-now]').hidden = !on;
    if (on) this.middle(this.seen());
    else this.marker.remove();
  }

  /** The page that fills most of the window. */
  seen() {
    const shown = ([, page]) => { const box = page.getBoundingClientRect(); return Math.min(box.bottom, innerHeight) - Math.max(box.top, 0); };
    return [...this.pages].sort((one, other) => shown(other) - shown(one))[0]?.[0] ?? 1;
  }

  middle(number) {
    const page = this.pages.get(number);
    if (!page || !reader.classList.contains('pinning')) return;
    const box = page.getBoundingClientRect();
    const top = Math.max(box.top, 0);
    const along = box.height ? ((top + Math.min(box.bottom, innerHeight)) / 2 - box.top) / box.height : 0.5;
    this.place(number, page.dataset.width / 2, page.dataset.height * (1 - Math.min(Math.max(along, 0.1), 0.9)));
    this.marker.focus();
  }

  touch(event, number, page) {
    if (!reader.classList.contains('pinning') || event.target.closest('a')) return;
    const box = page.getBoundingClientRect();
    const across = (event.clientX - box.left) / box.width;
    const along = (event.clientY - box.top) / box.height;
    this.place(number, across * page.dataset.width, (1 - along) * page.dataset.height);
    this.write();
  }

  /** On to the words; the marker stays where it is, one touch away, and nobody is told to touch the page any more. */
  write() {
    document.querySelector('[data-pin-now]').hidden = true;
    const back = this.form.querySelector('[data-pin-back]');
    back.hidden = false;
    back.querySelector('a').href = `#page-${this.form.elements.page.value}`;
    this.form.elements.words.focus();
    this.form.scrollIntoView({ block: 'center' });
  }

  place(number, x, y) {
    const { width, height } = this.pages.get(number).dataset;
    const within = (value, most) => String(Math.round(10 * Math.min(Math.max(0, value), most)) / 10);
    this.form.elements.page.value = String(number);
    this.form.elements.x.value = within(x, Number(width));
    this.form.elements.y.value = within(y, Number(height));
    this.draw();
  }

  draw() {
    const { page, x, y } = this.form.elements;
    const element = this.pages.get(Number(page.value));
    if (!element) return;
    if (this.marker.parentElement !== element) element.append(this.marker);
    this.marker.style.left = `${(100 * x.value) / element.dataset.width}%`;
    this.marker.style.top = `${100 - (100 * y.value) / element.dataset.height}%`;
  }

  key(event) {
    if (event.key === 'Escape') {
      this.turn(this.button);
      this.button.focus();
      return;
    }
    const step = event.shiftKey ? 40 : 6;
    const move = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] }[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    const { page, x, y } = this.form.elements;
    this.place(Number(page.value), Number(x.value) + move[0], Number(y.value) + move[1]);
    this.marker.scrollIntoView({ block: 'nearest' });
  }
}

/** What is opened comes into view, above the bar. */
for (const one of document.querySelectorAll('#decisions details')) {
  const show = () => one.open && one.querySelector('form')?.scrollIntoView({ block: 'nearest' });
  one.addEventListener('toggle', show);
}

/** A link to a closed part opens it. */
const part = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
if (part instanceof HTMLDetailsElement) {
  part.open = true;
  part.querySelector('summary').focus();
}

const form = document.querySelector('form[data-pin-form]');
const button = document.querySelector('[data-pin]');
if (form && button) new Spot(form, button);
