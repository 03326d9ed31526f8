/* AES decryption in plain JavaScript (FIPS 197), for 192-bit keys only: Chromium's WebCrypto has 128 and 256. */

const SBOX = new Uint8Array(256);
const INVERSE = new Uint8Array(256);

const double = (byte) => ((byte << 1) ^ (byte & 0x80 ? 0x11b : 0)) & 255;

/** The S-box by its definition: inverse in GF(2^8), then the affine map (FIPS 197 §5.1.1), walked with generator 3. */
(function fillBoxes() {
  let power = 1;
  let inverse = 1;
  do {
    power ^= double(power);
    for (const shift of [1, 2, 4]) inverse = (inverse ^ (inverse << shift)) & 255;
    if (inverse & 0x80) inverse ^= 0x09;
    const turn = (by) => ((inverse << by) | (inverse >> (8 - by))) & 255;
    SBOX[power] = inverse ^ turn(1) ^ turn(2) ^ turn(3) ^ turn(4) ^ 0x63;
  } while (power !== 1);
  SBOX[0] = 0x63;
  SBOX.forEach((out, byte) => { INVERSE[out] = byte; });
}());

/** Products by 9, 11, 13 and 14, for InvMixColumns. */
const TIMES = new Map([9, 11, 13, 14].map((factor) => [factor, Uint8Array.from({ length: 256 }, (_, byte) => {
  let product = 0;
  for (let bit = factor, value = byte; bit; bit >>= 1, value = double(value)) if (bit & 1) product ^= value;
  return product;
})]));
const [NINE, ELEVEN, THIRTEEN, FOURTEEN] = [9, 11, 13, 14].map((factor) => TIMES.get(factor));

function expandKey(key) {
  const words = key.length / 4;
  const schedule = new Uint8Array(16 * (words + 7));
  schedule.set(key);
  let constant = 1;
  for (let at = key.length; at < schedule.length; at += 4) {
    let word = Array.from(schedule.subarray(at - 4, at));
    const position = (at / 4) % words;
    if (position === 0) {
      word = [word[1], word[2], word[3], word[0]].map((byte) => SBOX[byte]);
      word[0] ^= constant;
      constant = double(constant);
    } else if (words > 6 && position === 4) {
      word = word.map((byte) => SBOX[byte]);
    }
    word.forEach((byte, i) => { schedule[at + i] = schedule[at + i - key.length] ^ byte; });
  }
  return schedule;
}

function addKey(state, schedule, round) {
  for (let i = 0; i < 16; i += 1) state[i] ^= schedule[16 * round + i];
}

/** InvShiftRows and InvSubBytes in one pass. */
function unshift(state, scratch) {
  scratch.set(state);
  for (let i = 0; i < 16; i += 1) state[(i + 4 * (i & 3)) & 15] = INVERSE[scratch[i]];
}

function unmixColumns(state) {
  for (let c = 0; c < 16; c += 4) {
    const [a, b, d, e] = [state[c], state[c + 1], state[c + 2], state[c + 3]];
    state[c] = FOURTEEN[a] ^ ELEVEN[b] ^ THIRTEEN[d] ^ NINE[e];
    state[c + 1] = NINE[a] ^ FOURTEEN[b] ^ ELEVEN[d] ^ THIRTEEN[e];
    state[c + 2] = THIRTEEN[a] ^ NINE[b] ^ FOURTEEN[d] ^ ELEVEN[e];
    state[c + 3] = ELEVEN[a] ^ THIRTEEN[b] ^ NINE[d] ^ FOURTEEN[e];
  }
}

/** A block decipher for a key of 16, 24 or 32 bytes. */
export function aes(key) {
  const schedule = expandKey(key);
  const state = new Uint8Array(16);
  const scratch = new Uint8Array(16);
  return {
    blockSize: 16,
    decrypt(input, at, output) {
      state.set(input.subarray(at, at + 16));
      const last = schedule.length / 16 - 1;
      addKey(state, schedule, last);
      for (let round = last - 1; round >= 0; round -= 1) {
        unshift(state, scratch);
        addKey(state, schedule, round);
        if (round > 0) unmixColumns(state);
      }
      output.set(state);
    },
    forget() {
      for (const secret of [schedule, state, scratch]) secret.fill(0);
    },
  };
}
