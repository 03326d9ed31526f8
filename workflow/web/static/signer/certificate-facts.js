/* Fills [data-cert="holder|cn|title|o|ou|serial|notBefore|notAfter"] inside `place` and shows it; days as the office has them. */

export function showCertificate(place, { subject, serial, notBefore, notAfter }) {
  if (!place) return;
  const day = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Ho_Chi_Minh', day: '2-digit', month: '2-digit', year: 'numeric' });
  const dates = { notBefore: day.format(new Date(notBefore)), notAfter: day.format(new Date(notAfter)) };
  const holder = [subject.cn, subject.title, subject.o].filter(Boolean).join(' · ');
  const values = { ...subject, holder, serial, ...dates };
  for (const part of place.querySelectorAll('[data-cert]')) part.textContent = values[part.dataset.cert] ?? '';
  place.hidden = false;
}
