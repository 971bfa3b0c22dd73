import { Token } from "cdktf";

/**
 * Whether a value is known only at deploy time: a reference to another resource, an entry of a list that is one, or an
 * expression of Terraform's own.
 */
export function isUnknown(value: unknown): boolean {
  return Token.isUnresolved(value) || (typeof value === "string" && /[$%]\{|#\{TfToken\[/.test(value));
}
