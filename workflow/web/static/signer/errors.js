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
  // a token that the browser's extension speaks to
  token_no_extension: 'no extension of the browser answered',
  token_no_program: 'the extension found no program of the token on this computer, or another version of it',
  token_absent: 'no token is plugged in',
  token_cancelled: 'its owner closed the window that asked for the PIN',
  token_wrong_pin: 'the PIN was wrong',
  token_pin_blocked: 'the PIN was wrong too often: the token is blocked',
  token_timed_out: 'nobody answered the window that asked for the PIN',
  token_busy: 'the token is asked already',
  token_other_certificate: 'another token was plugged in meanwhile',
  token_bad_signature: 'what the token gave is no signature over this document by this key',
  token_failed: 'the token or its program failed',
  bad_issuer: 'the file holds no certificate',
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
