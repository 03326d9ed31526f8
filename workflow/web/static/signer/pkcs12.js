/* PKCS#12 (RFC 7292, RFC 9579): from a file and a password to PKCS#8 keys and certificates. */

import { equal, hex } from './bytes.js';
import { TAG, algorithm, context, expect, octets, oid, read, sequence, smallInteger } from './der.js';
import { codeOf, refuse } from './errors.js';
import { HASHES, HMACS, hmac } from './hash.js';
import { PURPOSE, Work, pbkdf2, pkcs12Kdf } from './kdf.js';
import { forgetForms, passwordForms } from './password.js';
import { decrypt } from './pbes.js';

const DATA = '1.2.840.113549.1.7.1';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';
const PBMAC1 = '1.2.840.113549.1.5.14';
const PBKDF2 = '1.2.840.113549.1.5.12';
const X509 = '1.2.840.113549.1.9.22.1';
const LOCAL_KEY_ID = '1.2.840.113549.1.9.21';
const BAG = Object.freeze({
  KEY: '1.2.840.113549.1.12.10.1.1', SHROUDED_KEY: '1.2.840.113549.1.12.10.1.2',
  CERTIFICATE: '1.2.840.113549.1.12.10.1.3', NESTED: '1.2.840.113549.1.12.10.1.6',
});

const MAX_BAGS = 200;

/** Buffers that held private numbers; `wipe` zeroes them. */
export class Secrets {
  #buffers = [];

  keep(bytes) {
    this.#buffers.push(bytes);
    return bytes;
  }

  wipe() {
    for (const bytes of this.#buffers) bytes.fill(0);
    this.#buffers = [];
  }
}

/** Keys `{pkcs8, id}` and certificates `{der, id}`; the caller wipes `secrets`, which the keys point into. */
export async function openPkcs12(file, password, secrets) {
  const [version, authSafe, macNode] = sequence(read(file), 2, 3);
  if (smallInteger(version) !== 3) refuse('not_pkcs12');
  const content = secrets.keep(plainContent(authSafe));
  const safes = sequence(read(content), 1, MAX_BAGS);
  const work = new Work();
  const forms = passwordForms(password);
  try {
    const candidates = macNode === undefined ? forms : [await authenticated(macNode, content, forms, work)];
    return await firstThatOpens(candidates, (form) => openSafes(safes, { form, work, secrets }));
  } finally {
    forgetForms(forms);
  }
}

async function firstThatOpens(forms, open) {
  for (const form of forms.slice(0, -1)) {
    try {
      return await open(form);
    } catch (error) {
      if (codeOf(error) !== 'wrong_password') throw error;
    }
  }
  return open(forms[forms.length - 1]);
}

/** Octets of a ContentInfo of type data. Other types (a file sealed to a public key) are not for a password. */
function plainContent(node) {
  const [type, wrapped] = sequence(node, 2, 2);
  if (oid(type) !== DATA) refuse('unsupported_algorithm');
  return octets(onlyChild(wrapped));
}

function onlyChild(node, tag = context(0)) {
  const { children } = expect(node, tag);
  if (children.length !== 1) refuse('not_pkcs12');
  return children[0];
}

// --- MacData ---

/** The form of the password under which the MAC is right. */
async function authenticated(node, content, forms, work) {
  const [digestInfo, saltNode, countNode] = sequence(node, 2, 3);
  const [method, value] = sequence(digestInfo, 2, 2);
  const expected = octets(value);
  const { oid: name, parameters } = algorithm(method);
  const classic = { hash: HASHES.get(name), salt: octets(saltNode), iterations: countNode ? smallInteger(countNode) : 1, work };
  if (name !== PBMAC1 && classic.hash === undefined) refuse('unsupported_algorithm');
  for (const form of forms) {
    const mac = name === PBMAC1 ? await pbmac1(parameters, content, form, work) : await classicMac(classic, content, form);
    if (equal(mac, expected)) return form;
  }
  return refuse('wrong_password');
}

async function classicMac({ hash, salt, iterations, work }, content, form) {
  const size = { 'SHA-1': 20, 'SHA-256': 32, 'SHA-384': 48, 'SHA-512': 64 }[hash.name];
  const key = await pkcs12Kdf(hash, form.bmp, { salt, iterations, purpose: PURPOSE.MAC, size, work });
  return hmac(hash.name, key, content);
}

/** RFC 9579: the parameters carry everything; macSalt and iterations of MacData are ignored. */
async function pbmac1(parameters, content, form, work) {
  const [kdf, scheme] = sequence(parameters, 2, 2).map((node) => algorithm(node));
  const hash = HMACS.get(scheme.oid);
  if (kdf.oid !== PBKDF2 || hash === undefined) refuse('unsupported_algorithm');
  const keyLength = sequence(kdf.parameters, 3, 4)[2];
  const size = smallInteger(keyLength); // mandatory here, unlike elsewhere (RFC 9579 §4)
  if (size < 20 || size > 64) refuse('unsupported_algorithm');
  return hmac(hash, await pbkdf2(kdf.parameters, form.utf8, size, work), content);
}

// --- SafeContents ---

async function openSafes(safes, opening) {
  const found = { keys: [], certificates: [], bags: 0 };
  for (const safe of safes) {
    const [type, wrapped] = sequence(safe, 2, 2);
    const name = oid(type);
    if (name === DATA) {
      const plain = opening.secrets.keep(octets(onlyChild(wrapped)));
      await openBags(read(plain), found, opening, 0);
    } else if (name === ENCRYPTED_DATA) {
      const plain = opening.secrets.keep(await decryptedSafe(onlyChild(wrapped), opening));
      await openBags(read(plain, { code: 'wrong_password' }), found, opening, 0);
    } else {
      refuse('unsupported_algorithm');
    }
  }
  return found;
}

function decryptedSafe(node, { form, work }) {
  const [, info] = sequence(node, 2, 3);
  const [type, method, data] = sequence(info, 3, 3);
  if (oid(type) !== DATA) refuse('not_pkcs12');
  return decrypt(method, octets(data, { implicit: 0 }), form, work);
}

async function openBags(contents, found, opening, depth) {
  if (depth > 4) refuse('not_pkcs12');
  for (const bag of sequence(contents)) {
    found.bags += 1;
    if (found.bags > MAX_BAGS) refuse('too_large');
    const [type, wrapped, attributes] = sequence(bag, 2, 3);
    await openBag(oid(type), onlyChild(wrapped), { found, opening, depth, id: localKeyId(attributes) });
  }
}

async function openBag(type, value, { found, opening, depth, id }) {
  if (type === BAG.KEY) found.keys.push({ pkcs8: value.raw, id });
  if (type === BAG.NESTED) await openBags(value, found, opening, depth + 1);
  if (type === BAG.SHROUDED_KEY) {
    const [method, data] = sequence(value, 2, 2);
    const plain = await decrypt(method, octets(data), opening.form, opening.work);
    found.keys.push({ pkcs8: opening.secrets.keep(plain), id });
  }
  if (type === BAG.CERTIFICATE) {
    const [kind, certificate] = sequence(value, 2, 2);
    if (oid(kind) === X509) found.certificates.push({ der: octets(onlyChild(certificate)).slice(), id });
  }
}

/** Hex of the localKeyId attribute, by which a key names its certificate; null where there is none. */
function localKeyId(attributes) {
  if (attributes === undefined) return null;
  for (const attribute of expect(attributes, TAG.SET).children) {
    const [name, values] = sequence(attribute, 2, 2);
    if (oid(name) === LOCAL_KEY_ID) return hex(octets(onlyChild(values, TAG.SET)));
  }
  return null;
}
