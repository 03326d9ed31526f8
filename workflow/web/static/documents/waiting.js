/*
 * While a remote signing service is asked, the page asks on by itself and loads anew when something changed. Without
 * this file one presses the button, or loads the page again: the clock asks too.
 */

const EVERY = 3000;
const MOST_TIMES = 400;
const form = document.querySelector('form[data-waiting]');

async function ask(times, last = false) {
  if (times >= MOST_TIMES) return;
  try {
    const answer = await fetch(form.action, {
      method: 'POST', body: new FormData(form), headers: { Accept: 'application/json' }, credentials: 'same-origin',
      redirect: 'manual',
    });
    if (answer.type === 'opaqueredirect' || answer.status === 401) return;
    if (answer.ok) {
      const told = await answer.json();
      const state = told.parts.map((part) => part.state + (part.trouble ? '!' : '')).join(' ');
      if (told.over && !last) { // asked once more: from now on the end counts as shown here
        setTimeout(ask, 0, times + 1, true);
        return;
      }
      if (told.over || state !== form.dataset.waiting) {
        location.reload();
        return;
      }
    }
  } catch {
    // a lost network: the next turn may find it again
  }
  setTimeout(ask, EVERY, times + 1);
}

if (form) setTimeout(ask, 600, 0);
