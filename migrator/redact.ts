/** Replaces the password of every URL in a text, so that it can be printed (INV-10). */
export function redact(text: string): string {
  return (
    text
      // Up to the last @: a password that was not percent-encoded may hold anything but white space.
      .replace(/([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):\S*@/gi, "$1:***@")
      .replace(/([?&](?:password|sslpassword|sslkey)=)[^&\s]*/gi, "$1***")
  );
}

/** What no text lacks that holds something to redact. */
const suspicious = /:\/\/|password=|sslkey=/i;

/** A value as JSON, every text in it redacted. */
export function redactedJson(value: unknown): string {
  const json = JSON.stringify(value);
  return suspicious.test(json) ? JSON.stringify(value, redactValues) : json;
}

/** JSON.stringify's replacer that redacts every text in a value. */
function redactValues(_key: string, value: unknown): unknown {
  return typeof value === "string" ? redact(value) : value;
}
