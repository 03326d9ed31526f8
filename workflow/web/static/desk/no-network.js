/*
 * A page that stays when the network goes: a link or a form that would end at the browser's error page is held back,
 * and [data-no-network] says so and offers to try again. The service is asked before a form is sent, and with
 * data-no-network="ask" before each link, whether it can be reached (a phone that has a signal is not yet online);
 * for other links the browser's own word is taken.
 * Nothing is sent by itself: what was pressed waits for "Try again". Everything works without this file.
 */

const box = document.querySelector('[data-no-network]');
const PATIENCE = 6000; // milliseconds until a service that does not answer counts as out of reach
const SOON = 600; // until somebody is told that we are still asking

async function reached() {
  if (!navigator.onLine) return false;
  try {
    await fetch('/healthz', { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(PATIENCE) });
    return true;
  } catch {
    return false;
  }
}

/** Where a press would leave this page by a link of ours. */
function leaving(event) {
  const link = event.target.closest('main a[href]');
  const own = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!link || !own || link.target || link.hasAttribute('download') || link.origin !== location.origin) return null;
  const within = link.hash && link.pathname === location.pathname && link.search === location.search;
  return within ? null : link;
}

class Gate {
  constructor() {
    this.waits = null; // what is done once the service is reached
    this.from = null; // what was pressed
    this.asking = false;
    this.passing = null; // the form that may go now
    document.addEventListener('click', (event) => this.click(event), { capture: true });
    document.addEventListener('submit', (event) => this.submit(event), { capture: true });
    box.querySelector('[data-no-network-again]').addEventListener('click', () => this.attempt(this.waits));
    box.querySelector('[data-no-network-stay]').addEventListener('click', () => this.stay());
    addEventListener('online', () => this.back(true));
    addEventListener('offline', () => this.back(false));
    addEventListener('pageshow', () => { this.asking = false; });
  }

  click(event) {
    const link = leaving(event);
    if (!link || (navigator.onLine && box.dataset.noNetwork !== 'ask')) return;
    event.preventDefault();
    this.from = link;
    this.attempt(() => location.assign(link.href));
  }

  submit(event) {
    const form = event.target;
    if (this.passing === form) {
      this.passing = null;
      return;
    }
    if (!form.closest('main')) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // before the frame forgets what was typed, or counts it as sent
    const by = event.submitter;
    this.from = by;
    this.attempt(() => {
      this.passing = form;
      form.requestSubmit(by);
    });
  }

  async attempt(act) {
    if (this.asking || !act) return;
    this.asking = true;
    const told = document.querySelector('[data-no-network-wait]');
    const timer = setTimeout(() => { told.hidden = false; }, SOON);
    const good = await reached();
    clearTimeout(timer);
    told.hidden = true;
    this.asking = false;
    this.waits = good ? null : act;
    box.hidden = good;
    if (good) {
      act();
      return;
    }
    this.back(false);
    box.querySelector('[data-no-network-again]').focus();
  }

  stay() {
    box.hidden = true;
    this.waits = null;
    this.from?.focus();
  }

  /** The browser's own word; pages of the paper that could not be fetched meanwhile are fetched again. */
  back(online) {
    box.querySelector('[data-no-network-back]').hidden = !online;
    if (!online) return;
    for (const image of document.querySelectorAll('main img')) {
      if (image.complete && !image.naturalWidth) image.src = image.src;
    }
  }
}

if (box) new Gate();
