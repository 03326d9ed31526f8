/* A file in pdf.js: every page drawn when it comes near the screen, text that can be selected and found. */

const frame = document.querySelector('[data-pdf]');
const { pdf: address, library, worker, fonts, wasm, pageWord, none } = frame.dataset;
const status = frame.querySelector('[data-status]');

/** Trusted Types: the one address a worker may come from is our own copy of pdf.js. */
const policy = globalThis.trustedTypes?.createPolicy('pdfjs', {
  createScriptURL: (url) => {
    if (new URL(url, location.origin).pathname !== new URL(worker, location.origin).pathname) throw new TypeError('not pdf.js');
    return url;
  },
});

const pages = [];

class Page {
  constructor(pdf, number, size, reading) {
    this.pdf = pdf;
    this.number = number;
    this.reading = reading;
    this.element = document.createElement('section');
    this.element.className = 'pdf-page';
    this.element.setAttribute('aria-label', `${pageWord} ${number}`);
    this.element.style.aspectRatio = `${size.width} / ${size.height}`;
    this.fit();
    frame.append(this.element);
  }

  /** Take the width there is now; what was drawn for another one goes away. */
  fit() {
    const width = Math.min(frame.clientWidth - 16, 900);
    if (width === this.width) return;
    this.width = width;
    this.element.style.width = `${width}px`;
    this.element.style.removeProperty('height');
    this.element.replaceChildren();
    this.drawn = null;
  }

  /** Once for each width: a second call waits for the first. */
  async draw() {
    this.drawn ??= this.#paint();
    await this.drawn;
  }

  async #paint() {
    const { width } = this;
    const page = await this.pdf.getPage(this.number);
    if (width !== this.width) return;
    const viewport = page.getViewport({ scale: width / page.getViewport({ scale: 1 }).width });
    const sharp = globalThis.devicePixelRatio || 1;
    const canvas = document.createElement('canvas');
    canvas.width = Math.floor(viewport.width * sharp);
    canvas.height = Math.floor(viewport.height * sharp);
    this.element.style.height = `${viewport.height}px`;
    this.element.append(canvas);
    const transform = sharp === 1 ? undefined : [sharp, 0, 0, sharp, 0, 0];
    await page.render({ canvasContext: canvas.getContext('2d'), canvas, viewport, transform }).promise;
    if (width !== this.width) return;
    const layer = document.createElement('div');
    layer.className = 'text-layer';
    layer.style.setProperty('--scale-factor', viewport.scale);
    layer.style.setProperty('--total-scale-factor', viewport.scale);
    this.element.append(layer);
    await new this.reading.TextLayer({ textContentSource: await page.getTextContent(), container: layer, viewport }).render();
  }

  async text() {
    const { items } = await (await this.pdf.getPage(this.number)).getTextContent();
    return items.map((item) => item.str + (item.hasEOL ? ' ' : '')).join('');
  }
}

const fold = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase().replace(/\s+/g, ' ');

function offerSearch() {
  const tools = document.querySelector('[data-viewer-tools]');
  const found = tools.querySelector('[data-found]');
  let last = { words: '', at: -1 };
  tools.hidden = false;
  tools.addEventListener('submit', async (event) => {
    event.preventDefault();
    const words = fold(tools.querySelector('input').value.trim());
    if (!words) return;
    if (words !== last.words) last = { words, at: -1 };
    for (let step = 1; step <= pages.length; step += 1) {
      const at = (last.at + step) % pages.length;
      if (!fold(await pages[at].text()).includes(words)) continue;
      last.at = at;
      await pages[at].draw();
      for (const span of pages[at].element.querySelectorAll('.text-layer span')) span.classList.toggle('hit', words.includes(fold(span.textContent)) ? span.textContent.length > 2 : fold(span.textContent).includes(words));
      pages[at].element.scrollIntoView();
      found.textContent = `${pageWord} ${at + 1}`;
      return;
    }
    found.textContent = none;
  });
}

async function show() {
  const reading = await import(library);
  reading.GlobalWorkerOptions.workerPort = new Worker(policy ? policy.createScriptURL(worker) : worker, { type: 'module' });
  const answer = await fetch(address, { credentials: 'same-origin' });
  if (!answer.ok) throw new Error(String(answer.status));
  const data = new Uint8Array(await answer.arrayBuffer());
  const pdf = await reading.getDocument({ data, standardFontDataUrl: fonts, wasmUrl: wasm, isEvalSupported: false, enableXfa: false }).promise;
  const first = (await pdf.getPage(1)).getViewport({ scale: 1 });
  status.remove();
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) pages.find(({ element }) => element === target).draw();
  }, { rootMargin: '600px' });
  for (let number = 1; number <= pdf.numPages; number += 1) {
    pages.push(new Page(pdf, number, first, reading));
    near.observe(pages.at(-1).element);
  }
  redrawWhenTurned(near);
  offerSearch();
}

/** A window made narrower or a phone that is turned: the pages take the new width, those in sight at once. */
function redrawWhenTurned(near) {
  let waiting = 0;
  new ResizeObserver(() => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      for (const page of pages) page.fit();
      for (const { element } of pages) {
        near.unobserve(element);
        near.observe(element);
      }
    }, 150);
  }).observe(frame);
}

show().catch((error) => {
  status.textContent = `${none} (${error.message})`;
});
