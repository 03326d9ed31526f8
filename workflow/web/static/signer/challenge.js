/* What is signed to prove possession of a key at enrolment: built here from values, so that no server can choose the bytes. */

import { utf8 } from './bytes.js';
import { refuse } from './errors.js';

const PREFIX = 'trinhky-enrol-v1';

/**
 * UTF-8 of prefix, origin, user and nonce, each but the last closed by a zero octet. It begins with the letter "t" (0x74),
 * so it is never a DER SET or SEQUENCE and cannot pass for signed attributes or a certificate request.
 */
export function challenge({ origin, user, nonce }) {
  if (origin !== globalThis.location.origin) refuse('wrong_origin');
  for (const value of [user, nonce]) {
    if (typeof value !== 'string' || value.length === 0 || value.length > 512 || value.includes('\0')) refuse('bad_challenge');
  }
  return utf8([PREFIX, origin, user, nonce].join('\0'));
}
