/** Replaces the password of every URL and of every key=value form in a text, so that it can be printed (INV-10). */
export function redact(text: string): string {
  return (
    text
      // Up to the last @: a password that was not percent-encoded may hold anything but white space.
      .replace(/([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):\S*@/gi, "$1:***@")
      .replace(/([?&]sslkey=)[^&\s]*/gi, "$1***")
      .replace(/(\b(?:ssl)?password=)(?:'(?:[^'\\]|\\.)*'|"[^"]*"|[^&\s]*)/gi, "$1***")
  );
}

/** Longest of the words that libpq's parameters take, with some room. */
const longestWord = 32;

/**
 * A word of what could not be read, quoted, for a message; anything that looks like no word may be a piece of a password
 * that strayed (INV-10).
 *
 * @returns undefined for what is not to be printed.
 */
export function sayable(text: string): string | undefined {
  const isWord = /^(x-)?[a-z]+([_-][a-z]+)*$/.test(text) || /^[a-z]+([A-Z][a-z]+)+$/.test(text);
  return isWord && text.length <= longestWord ? `"${text}"` : undefined;
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
