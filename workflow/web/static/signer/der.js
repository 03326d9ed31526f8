/* A reader for BER (key files) and strict DER (what is signed): X.690, bounds checked, depth and count capped. */

import { concat } from './bytes.js';
import { refuse } from './errors.js';

const MAX_DEPTH = 32;
const MAX_NODES = 20000;

export const TAG = Object.freeze({
  BOOLEAN: 0x01, INTEGER: 0x02, BIT_STRING: 0x03, OCTET_STRING: 0x04, NULL: 0x05, OID: 0x06, UTF8: 0x0c,
  SEQUENCE: 0x30, SET: 0x31, PRINTABLE: 0x13, TELETEX: 0x14, IA5: 0x16, UTC_TIME: 0x17, TIME: 0x18, UNIVERSAL: 0x1c, BMP: 0x1e,
});

/** One value. `tag` is the identifier octet as it stands, `raw` the whole encoding, `body` its contents octets. */
class Node {
  constructor(tag, raw, body, children) {
    this.tag = tag;
    this.raw = raw;
    this.body = body;
    this.children = children;
  }
}

/** Read exactly one value that fills `bytes`. `strict` means DER: definite, minimal lengths. `code` names the refusal. */
export function read(bytes, { strict = false, code = 'not_pkcs12' } = {}) {
  const state = { bytes, strict, code, nodes: 0 };
  const { node, next } = value(state, 0, bytes.length, 0);
  if (next !== bytes.length) refuse(code);
  return node;
}

function value(state, start, end, depth) {
  state.nodes += 1;
  if (depth > MAX_DEPTH || state.nodes > MAX_NODES || end - start < 2) refuse(state.code);
  const tag = state.bytes[start];
  if ((tag & 0x1f) === 0x1f || tag === 0) refuse(state.code);
  const { length, at } = lengthAt(state, start + 1, end);
  if (length === null) return indefinite(state, { tag, start, at, end, depth });
  if (length > end - at) refuse(state.code);
  const body = state.bytes.subarray(at, at + length);
  const children = tag & 0x20 ? definiteChildren(state, at, at + length, depth) : null;
  return { node: new Node(tag, state.bytes.subarray(start, at + length), body, children), next: at + length };
}

/** The length octets at `at`; null stands for the indefinite form. */
function lengthAt(state, at, end) {
  const first = state.bytes[at];
  if (first < 0x80) return { length: first, at: at + 1 };
  if (first === 0x80 && !state.strict) return { length: null, at: at + 1 };
  const count = first & 0x7f;
  if (count === 0 || count > 4 || end - at - 1 < count) refuse(state.code);
  let length = 0;
  for (let i = 1; i <= count; i += 1) length = length * 256 + state.bytes[at + i];
  const minimal = length >= 0x80 && state.bytes[at + 1] !== 0;
  if (state.strict && !minimal) refuse(state.code);
  return { length, at: at + 1 + count };
}

function definiteChildren(state, start, end, depth) {
  const children = [];
  for (let at = start; at < end;) {
    const { node, next } = value(state, at, end, depth + 1);
    children.push(node);
    at = next;
  }
  return children;
}

function indefinite(state, { tag, start, at, end, depth }) {
  if (!(tag & 0x20)) refuse(state.code);
  const children = [];
  let here = at;
  for (;;) {
    if (end - here < 2) refuse(state.code);
    if (state.bytes[here] === 0 && state.bytes[here + 1] === 0) break;
    const { node, next } = value(state, here, end, depth + 1);
    children.push(node);
    here = next;
  }
  const body = state.bytes.subarray(at, here);
  return { node: new Node(tag, state.bytes.subarray(start, here + 2), body, children), next: here + 2 };
}

/** Which universal tag or `context(n)` a value must carry. */
export function expect(node, tag, code = 'not_pkcs12') {
  if (node === undefined || node.tag !== tag) refuse(code);
  return node;
}

export const context = (number, constructed = true) => (constructed ? 0xa0 : 0x80) | number;

/** Children of a SEQUENCE, between `least` and `most` of them. */
export function sequence(node, least = 0, most = MAX_NODES, code = 'not_pkcs12') {
  const { children } = expect(node, TAG.SEQUENCE, code);
  if (children.length < least || children.length > most) refuse(code);
  return children;
}

/** Contents of an OCTET STRING, also where BER cut it into segments; `implicit` is its context tag number, if any. */
export function octets(node, { implicit = null, code = 'not_pkcs12' } = {}) {
  const primitive = implicit === null ? TAG.OCTET_STRING : context(implicit, false);
  if (node !== undefined && node.tag === primitive) return node.body;
  expect(node, primitive | 0x20, code);
  return concat(node.children.map((segment) => octets(segment, { code })));
}

/** A non-negative INTEGER below 2^31. */
export function smallInteger(node, code = 'not_pkcs12') {
  const { body } = expect(node, TAG.INTEGER, code);
  if (body.length === 0 || body.length > 5 || body[0] & 0x80) refuse(code);
  const number = body.reduce((sum, byte) => sum * 256 + byte, 0);
  if (number > 0x7fffffff) refuse(code);
  return number;
}

/** Dotted text of an OBJECT IDENTIFIER. */
export function oid(node, code = 'not_pkcs12') {
  const { body } = expect(node, TAG.OID, code);
  if (body.length === 0 || body.length > 64 || body[body.length - 1] & 0x80) refuse(code);
  const arcs = [];
  let arc = 0;
  for (const byte of body) {
    arc = arc * 128 + (byte & 0x7f);
    if (!(byte & 0x80)) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const root = Math.min(Math.floor(arcs[0] / 40), 2);
  return [root, arcs[0] - 40 * root, ...arcs.slice(1)].join('.');
}

/** AlgorithmIdentifier: its OID and its parameters (undefined where absent or NULL). */
export function algorithm(node, code = 'not_pkcs12') {
  const [name, parameters] = sequence(node, 1, 2, code);
  return { oid: oid(name, code), parameters: parameters?.tag === TAG.NULL ? undefined : parameters };
}

/** DER of one value. */
export function encode(tag, ...parts) {
  const body = concat(parts);
  const length = [];
  for (let rest = body.length; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest % 256);
  const prefix = body.length < 0x80 ? [body.length] : [0x80 | length.length, ...length];
  return concat([Uint8Array.of(tag, ...prefix), body]);
}
