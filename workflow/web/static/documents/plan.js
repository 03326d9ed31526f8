/*
 * Planned fields as buttons over the page image. The number fields of the form (millimetres from the lower left
 * corner) stay the truth: buttons only move them, so the form works without this file.
 */

const POINT = 25.4 / 72;
const STEP = 1;

const form = document.querySelector('form[data-plan]');
const pages = new Map([...form.querySelectorAll('[data-plan-page]')].map((page) => [Number(page.dataset.planPage), page]));

/** One blank of a typed line, in shares of its box. */
function gap(left, width) {
  const mark = document.createElement('span');
  mark.className = 'plan-gap';
  Object.assign(mark.style, { left: `${100 * left}%`, width: `${100 * width}%` });
  return mark;
}

class Box {
  constructor(fieldset) {
    this.name = fieldset.dataset.box;
    this.inputs = Object.fromEntries(['page', 'left', 'bottom', 'width', 'height'].map((edge) => [edge, document.getElementById(`${this.name}-${edge}`)]));
    this.button = document.createElement('button');
    this.button.type = 'button';
    this.button.className = `plan-box ${fieldset.dataset.kind}`;
    this.button.textContent = fieldset.querySelector('legend').textContent;
    this.button.addEventListener('keydown', (event) => this.key(event));
    this.button.addEventListener('pointerdown', (event) => this.grab(event));
    for (const input of Object.values(this.inputs)) input.addEventListener('input', () => this.draw());
    this.choice = document.getElementById(`${this.name}-drawn`);
    this.gaps = JSON.parse(fieldset.dataset.gaps ?? '[]');
    this.choice?.addEventListener('change', () => this.fill());
    this.fill();
    this.draw();
  }

  /** Over a typed line whose blanks are filled in, the line stays readable and its gaps are shown. */
  fill() {
    const words = this.button.getAttribute('aria-label') ?? this.button.textContent;
    const open = this.gaps.length > 0 && this.choice?.value === 'missing';
    this.button.classList.toggle('open', open);
    this.button.setAttribute('aria-label', words);
    this.button.replaceChildren(...(open ? this.gaps.map(([left, width]) => gap(left, width)) : [words]));
  }

  get(edge) {
    return Number(this.inputs[edge].value) || 0;
  }

  set(edge, value) {
    this.inputs[edge].value = String(Math.round(value * 10) / 10);
  }

  /** The page and its size in millimetres. */
  get page() {
    const element = pages.get(this.get('page')) ?? pages.get(1);
    return { element, width: element.dataset.width * POINT, height: element.dataset.height * POINT };
  }

  draw() {
    if (!pages.size) return;
    const { element, width, height } = this.page;
    if (this.button.parentElement !== element) element.append(this.button);
    const percent = (value, whole) => `${(100 * value) / whole}%`;
    Object.assign(this.button.style, {
      left: percent(this.get('left'), width),
      bottom: percent(this.get('bottom'), height),
      width: percent(this.get('width'), width),
      height: percent(this.get('height'), height),
    });
  }

  /** Never over the edge of the page. */
  place(left, bottom) {
    const { width, height } = this.page;
    this.set('left', Math.min(Math.max(0, left), width - this.get('width')));
    this.set('bottom', Math.min(Math.max(0, bottom), height - this.get('height')));
    this.draw();
  }

  key(event) {
    const moves = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    if (event.shiftKey) {
      this.set('width', Math.max(5, this.get('width') + move[0]));
      this.set('height', Math.max(3, this.get('height') + move[1]));
      this.draw();
    } else {
      this.place(this.get('left') + move[0], this.get('bottom') + move[1]);
    }
  }

  grab(event) {
    const { element, width } = this.page;
    const scale = width / element.clientWidth;
    const from = { x: event.clientX, y: event.clientY, left: this.get('left'), bottom: this.get('bottom') };
    const move = (at) => this.place(from.left + (at.clientX - from.x) * scale, from.bottom - (at.clientY - from.y) * scale);
    const drop = () => {
      this.button.removeEventListener('pointermove', move);
      this.button.setAttribute('aria-pressed', 'false');
    };
    this.button.setPointerCapture(event.pointerId);
    this.button.setAttribute('aria-pressed', 'true');
    this.button.addEventListener('pointermove', move);
    this.button.addEventListener('pointerup', drop, { once: true });
    this.button.addEventListener('pointercancel', drop, { once: true });
  }
}

for (const fieldset of form.querySelectorAll('fieldset[data-box]')) new Box(fieldset);
