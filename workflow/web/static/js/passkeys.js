// Passkeys: asks the browser to make or to use one, between two requests to the service.

const token = document.querySelector('meta[name="csrf-token"]').content;

const toBytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0));
const toText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

async function post(address, body) {
  const answer = await fetch(address, {
    method: 'POST',
    headers: { 'X-CSRFToken': token, 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(body ?? {}),
  });
  const told = answer.status === 204 ? {} : await answer.json();
  if (!answer.ok) throw new Error(told.title);
  return told;
}

const withIds = (list) => (list ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));

async function make(label) {
  const options = await post('/account/factors/passkeys/begin');
  const made = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      user: { ...options.user, id: toBytes(options.user.id) },
      excludeCredentials: withIds(options.excludeCredentials),
    },
  });
  await post(`/account/factors/passkeys/finish?label=${encodeURIComponent(label)}`, {
    id: made.id,
    rawId: toText(made.rawId),
    type: made.type,
    response: { clientDataJSON: toText(made.response.clientDataJSON), attestationObject: toText(made.response.attestationObject) },
  });
}

async function use() {
  const options = await post('/account/factors/passkeys/step-up/begin');
  const found = await navigator.credentials.get({
    publicKey: { ...options, challenge: toBytes(options.challenge), allowCredentials: withIds(options.allowCredentials) },
  });
  const { clientDataJSON, authenticatorData, signature, userHandle } = found.response;
  await post('/account/factors/passkeys/step-up/finish', {
    id: found.id,
    rawId: toText(found.rawId),
    type: found.type,
    response: {
      clientDataJSON: toText(clientDataJSON),
      authenticatorData: toText(authenticatorData),
      signature: toText(signature),
      userHandle: userHandle ? toText(userHandle) : null,
    },
  });
}

for (const form of document.querySelectorAll('form[data-passkey]')) {
  form.hidden = !window.PublicKeyCredential;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const trouble = form.querySelector('[data-trouble]');
    trouble.hidden = true;
    try {
      await (form.dataset.passkey === 'make' ? make(form.elements.label.value) : use());
      const waiting = document.querySelector('form[data-resume]');
      if (waiting) waiting.submit();
      else location.assign(form.dataset.next);
    } catch (error) {
      trouble.textContent = error.message;
      trouble.hidden = false;
    }
  });
}
