/* Triple DES decryption (FIPS 46-3, ANSI X9.52): WebCrypto has none, and Vietnamese CAs still ship key files sealed with it. */

const S_BOXES = [
  'e4d12fb83a6c5907 0f74e2d1a6cb9538 41e8d62bfc973a50 fc8249175b3ea06d',
  'f18e6b34972dc05a 3d47f28ec01a69b5 0e7ba4d158c6932f d8a13f42b67c05e9',
  'a09e63f51dc7b428 d709346a285ecbf1 d6498f30b12c5ae7 1ad069874fe3b52c',
  '7de3069a1285bc4f d8b56f03472c1ae9 a690cb7df13e5284 3f06a1d8945bc72e',
  '2c417ab6853fd0e9 eb2c47d150fa3986 421bad78f9c5630e b8c71e2d6f09a453',
  'c1af92680d34e75b af427c9561de0b38 9ef528c3704a1db6 432c95fabe17608d',
  '4b2ef08d3c975a61 d0b7491ae35c2f86 14bdc37eaf680592 6bd814a7950fe23c',
  'd2846fb1a93e50c7 1fd8a374c56b0e92 7b419ce206adf358 21e74a8dfc90356b',
].map((rows) => rows.split(' ').map((row) => Array.from(row, (digit) => parseInt(digit, 16))));

const P = [16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4, 25];
const PC1 = [
  57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36,
  63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4,
];
const PC2 = [
  14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2,
  41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
];
const SHIFTS = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1];

/** S-box and permutation P in one look-up: SP[box][six bits] → 32 bits. */
const SP = S_BOXES.map((box, index) => Uint32Array.from({ length: 64 }, (_, six) => {
  const nibble = box[((six >> 4) & 2) | (six & 1)][(six >> 1) & 15];
  return permuted32(nibble << (28 - 4 * index), P);
}));

function permuted32(word, table) {
  let out = 0;
  table.forEach((from, to) => {
    if ((word >>> (32 - from)) & 1) out |= 1 << (31 - to);
  });
  return out >>> 0;
}

/** Sixteen round keys, each eight groups of six bits. */
function roundKeys(key) {
  const bits = PC1.map((from) => (key[(from - 1) >> 3] >> (7 - ((from - 1) & 7))) & 1);
  let c = bits.slice(0, 28);
  let d = bits.slice(28);
  return SHIFTS.map((shift) => {
    c = [...c.slice(shift), ...c.slice(0, shift)];
    d = [...d.slice(shift), ...d.slice(0, shift)];
    const chosen = PC2.map((from) => (from <= 28 ? c[from - 1] : d[from - 29]));
    return Uint8Array.from({ length: 8 }, (_, group) => chosen.slice(group * 6, group * 6 + 6).reduce((sum, bit) => sum * 2 + bit, 0));
  });
}

function feistel(half, key) {
  const wide = [(half << 31) | (half >>> 1), (half << 1) | (half >>> 31)];
  let out = 0;
  for (let box = 0; box < 7; box += 1) out |= SP[box][((wide[0] >>> (26 - 4 * box)) & 63) ^ key[box]];
  return out | SP[7][(wide[1] & 63) ^ key[7]];
}

/** Swap of bit groups, the building block of IP and its inverse. */
function swap(block, high, low, shift, mask) {
  const bits = ((block[high] >>> shift) ^ block[low]) & mask;
  block[low] ^= bits;
  block[high] ^= bits << shift;
}

const EXCHANGES = [[0, 1, 4, 0x0f0f0f0f], [0, 1, 16, 0x0000ffff], [1, 0, 2, 0x33333333], [1, 0, 8, 0x00ff00ff], [0, 1, 1, 0x55555555]];

function rounds(block, keys) {
  for (const key of keys) {
    const right = block[1];
    block[1] = block[0] ^ feistel(right, key);
    block[0] = right;
  }
  block.reverse();
}

/** A block decipher: 16-byte keys are two-key triple DES (K1, K2, K1), 24-byte keys three-key. */
export function tripleDes(key) {
  const parts = [0, 8, key.length === 16 ? 0 : 16].map((at) => roundKeys(key.subarray(at, at + 8)));
  const stages = [parts[2].slice().reverse(), parts[1], parts[0].slice().reverse()];
  const block = new Int32Array(2);
  return {
    blockSize: 8,
    decrypt(input, at, output) {
      const view = new DataView(input.buffer, input.byteOffset + at, 8);
      block[0] = view.getInt32(0);
      block[1] = view.getInt32(4);
      for (const exchange of EXCHANGES) swap(block, ...exchange);
      for (const keys of stages) rounds(block, keys);
      for (const exchange of EXCHANGES.slice().reverse()) swap(block, ...exchange);
      const out = new DataView(output.buffer, output.byteOffset, 8);
      out.setInt32(0, block[0]);
      out.setInt32(4, block[1]);
    },
    forget() {
      for (const keys of parts) keys.forEach((round) => round.fill(0));
      block.fill(0);
    },
  };
}
