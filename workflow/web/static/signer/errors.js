/* Every way in which the signer can refuse, by name. Pages translate the code; the English here is for logs and engineers. */

export const CODES = Object.freeze({
  // the key file
  wrong_password: 'the password does not open this file',
  not_pkcs12: 'not a PKCS#12 file, or a damaged one',
  unsupported_algorithm: 'the file or its key uses an algorithm that is not supported',
  too_many_iterations: 'the file asks for more key derivation work than any honest file does',
  too_large: 'the file is larger than a key file or document can be',
  no_private_key: 'the file holds certificates but no private key',
  no_certificate: 'the file holds a private key but no certificate',
  key_mismatch: 'no certificate in the file belongs to its private key',
  weak_key: 'RSA below 2048 bits or with a public exponent below 65537',
  // what is to be signed
  bad_attributes: 'the bytes to be signed are not DER signed attributes',
  extra_attribute: 'the bytes to be signed hold an attribute that does not belong there',
  missing_attribute: 'a mandatory signed attribute is missing',
  wrong_content_type: 'the signed content type is not id-data',
  wrong_certificate: 'the bytes to be signed name another certificate',
  digest_mismatch: 'the prepared file is not the one whose digest is to be signed',
  byte_range: 'the signed range does not cover the whole prepared file',
  not_the_version_read: 'the prepared file does not begin with the version that was read',
  duplicate_document: 'a document occurs twice in one batch',
  batch_refused: 'another document of the batch failed its check, so nothing was signed',
  act_differs: 'the server speaks of other documents than those checked here',
  bad_challenge: 'the enrolment challenge has an empty or malformed value',
  wrong_origin: 'the challenge names another web site',
  // the machinery
  closed: 'the key is not open (any more)',
  timed_out: 'the signer took too long and was stopped',
  worker_failed: 'the signer could not be started or stopped unexpectedly',
  insecure_context: 'the page was not loaded over HTTPS or from this computer',
  // the conversation with the server
  network: 'the server could not be reached',
  session_lost: 'the login session ended',
  server_refused: 'the server refused without a reason we know',
  bad_answer: 'the server answered with something that is not part of the protocol',
  no_file: 'no key file chosen',
  no_password: 'no password typed',
  nothing_chosen: 'no document chosen',
});

/** An expected refusal: `code` is a key of CODES, `document` the item of a batch it concerns. */
export class SignerError extends Error {
  constructor(code, document = undefined) {
    super(CODES[code] ?? code);
    this.name = 'SignerError';
    this.code = code;
    this.document = document;
  }
}

export function refuse(code) {
  throw new SignerError(code);
}

/** The code of anything thrown; what is not ours becomes `fallback`, so that no bare exception reaches a person. */
export function codeOf(error, fallback) {
  return error instanceof SignerError ? error.code : fallback;
}
