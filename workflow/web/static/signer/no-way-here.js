/*
 * Tells our own server, once a page, that no way of signing works on this device, on fieldset.ways[data-obstacle-url]: its
 * data-documents wait for a key that has to be plugged in (data-holder), and no other way can be chosen. Runs after
 * key-choice.js, which finds out what cannot be plugged in.
 */

import { SignerError } from './errors.js';
import { noteObstacle } from './obstacle.js';

for (const ways of document.querySelectorAll('fieldset.ways[data-obstacle-url]')) {
  const radios = [...ways.querySelectorAll('input[type=radio]')];
  if (radios.length && radios.every((radio) => radio.disabled)) noteObstacle(ways, new SignerError('device_cannot_sign'));
}
