import { domainToASCII } from "node:url";

/**
 * Brings all spellings of one mail address to the same text: lower case, composed characters, the domain in ASCII.
 *
 * @returns undefined when it is no address.
 */
export function normaliseEmail(email: string): string | undefined {
  const at = email.lastIndexOf("@");
  const domain = domainToASCII(email.slice(at + 1));
  return at > 0 && domain ? `${email.slice(0, at).normalize("NFKC").toLowerCase()}@${domain}` : undefined;
}
