/* The ways in which a typed password may have been written into a key file. */

import { utf8 } from './bytes.js';

/** UTF-16BE with two closing zero octets (RFC 7292 §B.1). */
function bmp(text) {
  const out = new Uint8Array(2 * text.length + 2);
  for (let i = 0; i < text.length; i += 1) {
    out[2 * i] = text.charCodeAt(i) >> 8;
    out[2 * i + 1] = text.charCodeAt(i) & 255;
  }
  return out;
}

/** OpenSSL before 1.1 widened each octet of the password as it came from a UTF-8 terminal. */
function widened(text) {
  return bmp(Array.from(utf8(text), (octet) => String.fromCharCode(octet)).join(''));
}

/** As typed, then composed (NFC), then decomposed (NFD), then widened; an empty password may also be no octets at all. */
export function passwordForms(typed) {
  if (typed === '') return [{ bmp: bmp(''), utf8: utf8('') }, { bmp: new Uint8Array(0), utf8: utf8('') }];
  const texts = [...new Set([typed, typed.normalize('NFC'), typed.normalize('NFD')])];
  const forms = texts.map((text) => ({ bmp: bmp(text), utf8: utf8(text) }));
  const plain = /^[\x20-\x7e]*$/.test(typed);
  return plain ? forms : [...forms, ...texts.map((text) => ({ bmp: widened(text), utf8: utf8(text) }))];
}

export function forgetForms(forms) {
  for (const form of forms) {
    form.bmp.fill(0);
    form.utf8.fill(0);
  }
}
