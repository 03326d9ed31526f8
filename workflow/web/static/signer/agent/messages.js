/* The words of the signing program: the one file to change for an office whose program speaks otherwise.

   This is the shape of the program of the Government's own authority as it is used in public pages: a WebSocket on
   this computer, one call a document. It fetches `FileName`, signs, brings the file to `FileUploadHandler` and
   answers with a Status, 0 for success. `Code` and `PinLeft` are ours, for programs that tell more; an event of
   theirs while they work has `Event` and no Status. `Appearance`, ours too, is a PDF of one page in base64: the
   picture that the field of a number or a seal has to show. */

const PATHS = Object.freeze({ cosign: '/SignApproved', leader: '/SignApproved', number: '/SignIssued', seal: '/SignIssued' });

const STATES = Object.freeze({ wrong_pin: 'wrong_pin', pin_locked: 'locked', cancelled: 'cancelled' });

/** What one document is asked for with: the address below the program's own, and the message. */
export function question(purpose, { fetch, bring, field, number, date, drawing }) {
  const message = {
    FileUploadHandler: bring,
    SessionId: '',
    JWTToken: '',
    FileName: fetch,
    DocNumber: number,
    IssuedDate: date,
    MetaData: [{ Key: 'Field', Value: field }, ...(drawing ? [{ Key: 'Appearance', Value: drawing }] : [])],
  };
  return { path: PATHS[purpose], text: JSON.stringify(message) };
}

/** {state, left, said}: `state` is done, wrong_pin, locked, cancelled, failed, garbled or event. */
export function answer(text) {
  let told;
  try {
    told = JSON.parse(text);
  } catch {
    return { state: 'garbled' };
  }
  if (told === null || typeof told !== 'object' || Array.isArray(told)) return { state: 'garbled' };
  const left = Number.isInteger(told.PinLeft) && told.PinLeft >= 0 ? told.PinLeft : undefined;
  if (typeof told.Event === 'string' && told.Status === undefined) return { state: 'event', left };
  if (typeof told.Status !== 'number') return { state: 'garbled' };
  if (told.Status === 0) return { state: 'done', left };
  if (told.Code === 'wrong_pin' && left === 0) return { state: 'locked', left };
  const said = typeof told.Message === 'string' ? told.Message.slice(0, 200) : '';
  return { state: STATES[told.Code] ?? 'failed', left, said };
}
