// Shows what arrives from the push service, and opens what it is about. It controls no page and asks for nothing.

const PLACE = '/notices';

/** What was sent; of what cannot be read only that there is something: a browser that shows nothing loses its right. */
function read(data) {
  try {
    const told = data.json();
    return typeof told?.title === 'string' ? told : {};
  } catch {
    return {};
  }
}

/** A path of this service; whatever else was sent leads to the list of notices. */
function inside(link) {
  const address = new URL(typeof link === 'string' ? link : PLACE, self.location.origin);
  return address.origin === self.location.origin ? address.href : new URL(PLACE, self.location.origin).href;
}

self.addEventListener('install', () => self.skipWaiting());

self.addEventListener('push', (event) => {
  const told = read(event.data);
  event.waitUntil(self.registration.showNotification(told.title ?? 'Trình Ký', {
    body: told.body ?? '',
    lang: told.lang ?? 'vi',
    tag: told.tag,
    data: { link: inside(told.link) },
  }));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(inside(event.notification.data?.link)));
});
