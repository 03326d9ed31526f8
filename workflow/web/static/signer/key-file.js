/* A key file opened: one signing key, its certificate first, then the rest of the chain in order. */

import { equal } from './bytes.js';
import { codeOf, refuse } from './errors.js';
import { Secrets, openPkcs12 } from './pkcs12.js';
import { proves, readPrivateKey } from './private-key.js';
import { readCertificate } from './x509.js';

/** A real file holds 2–10 KB; long chains and revocation lists make some larger. */
export const MAX_FILE = 512 * 1024;

/** `{key, keyType, leaf, certificates}`; `file` is overwritten with zeros. */
export async function openKeyFile(file, password) {
  const secrets = new Secrets();
  secrets.keep(file);
  try {
    if (file.length > MAX_FILE) refuse('too_large');
    return await opened(await openPkcs12(file, password, secrets), secrets);
  } finally {
    secrets.wipe();
  }
}

async function opened(found, secrets) {
  if (found.keys.length === 0) refuse('no_private_key');
  const certificates = await readable(found.certificates);
  if (certificates.length === 0) refuse('no_certificate');
  for (const pair of pairs(readKeys(found.keys, secrets), certificates)) {
    const key = await pair.key.load(pair.certificate);
    if (await proved(key, pair.certificate)) {
      return { key, keyType: pair.key.name, leaf: 0, certificates: chain(pair.certificate, certificates) };
    }
  }
  return refuse('key_mismatch');
}

async function proved(key, certificate) {
  try {
    return await proves(key, certificate);
  } catch {
    return false; // the certificate's public key cannot be used by the browser
  }
}

/** A certificate that cannot be read is left out: a strange CA certificate must not keep a person from signing. */
async function readable(entries) {
  const certificates = [];
  for (const { der, id } of entries) {
    try {
      certificates.push({ ...await readCertificate(der), id });
    } catch (error) {
      if (codeOf(error) !== 'no_certificate') throw error;
    }
  }
  return certificates;
}

/** Keys that can be used; where none can, the reason of the first. */
function readKeys(entries, secrets) {
  const keys = [];
  let reason = null;
  for (const { pkcs8, id } of entries) {
    try {
      keys.push({ ...readPrivateKey(pkcs8, secrets), id });
    } catch (error) {
      reason ??= error;
    }
  }
  if (keys.length === 0) throw reason;
  return keys;
}

/** Possible pairs, best first: certificates made for signing, then those the file itself ties to the key, then the newest. */
function pairs(keys, certificates) {
  const all = keys.flatMap((key) => certificates.filter((certificate) => key.belongsTo(certificate)).map((certificate) => ({ key, certificate })));
  const rank = ({ key, certificate }) => [certificate.maySign ? 1 : 0, key.id !== null && key.id === certificate.id ? 1 : 0, certificate.notAfter];
  return all.sort((a, b) => {
    const [x, y] = [rank(a), rank(b)];
    return y[0] - x[0] || y[1] - x[1] || (y[2] > x[2] ? 1 : -1);
  });
}

/** The leaf, its issuers upwards, then whatever else the file holds. */
function chain(leaf, certificates) {
  const rest = certificates.filter((certificate) => certificate.sha256 !== leaf.sha256);
  const ordered = [leaf];
  for (let current = leaf; current;) {
    const wanted = current.issuerRaw;
    const at = rest.findIndex((certificate) => equal(certificate.subjectRaw, wanted));
    current = at < 0 ? undefined : rest.splice(at, 1)[0];
    if (current) ordered.push(current);
  }
  return [...ordered, ...rest];
}
