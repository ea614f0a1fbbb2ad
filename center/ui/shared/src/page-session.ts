/** Names this load of the page, so that other pages notice when it was loaded anew. */
export const pageSession: string = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
  byte.toString(16).padStart(2, '0'),
).join('')
