/* RC2 decryption (RFC 2268), for the 40- and 128-bit forms that PKCS#12 files of older tools use for their certificates. */

const PI = Uint8Array.from((
  'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82'
  + '54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb6266fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7'
  + '08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ecc2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731'
  + '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a90d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad'
).match(/../g), (pair) => parseInt(pair, 16));

/** RFC 2268 §2: 64 words from `key`, whose effective length is `bits`. */
function expand(key, bits) {
  const buffer = new Uint8Array(128);
  buffer.set(key);
  for (let i = key.length; i < 128; i += 1) buffer[i] = PI[(buffer[i - 1] + buffer[i - key.length]) & 255];
  const effective = (bits + 7) >> 3;
  buffer[128 - effective] = PI[buffer[128 - effective] & (255 >> (8 * effective - bits))];
  for (let i = 127 - effective; i >= 0; i -= 1) buffer[i] = PI[buffer[i + 1] ^ buffer[i + effective]];
  return new Uint16Array(buffer.buffer);
}

const ROTATIONS = [1, 2, 3, 5];

function unmix(words, keys, round) {
  for (let i = 3; i >= 0; i -= 1) {
    const turned = ((words[i] >>> ROTATIONS[i]) | (words[i] << (16 - ROTATIONS[i]))) & 0xffff;
    const [last, second, third] = [words[(i + 3) & 3], words[(i + 2) & 3], words[(i + 1) & 3]];
    words[i] = turned - keys[4 * round + i] - (last & second) - (~last & third);
  }
}

function unmash(words, keys) {
  for (let i = 3; i >= 0; i -= 1) words[i] -= keys[words[(i + 3) & 3] & 63];
}

/** A block decipher with an effective key length of `bits`. */
export function rc2(key, bits) {
  const keys = expand(key, bits);
  const words = new Uint16Array(4);
  return {
    blockSize: 8,
    decrypt(input, at, output) {
      for (let i = 0; i < 4; i += 1) words[i] = input[at + 2 * i] | (input[at + 2 * i + 1] << 8);
      for (let round = 15; round >= 0; round -= 1) {
        unmix(words, keys, round);
        if (round === 11 || round === 5) unmash(words, keys);
      }
      for (let i = 0; i < 4; i += 1) {
        output[2 * i] = words[i] & 255;
        output[2 * i + 1] = words[i] >> 8;
      }
    },
    forget() {
      keys.fill(0);
      words.fill(0);
    },
  };
}
