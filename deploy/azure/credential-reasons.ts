import { homedir } from "node:os";
import { bounded } from "../../migrator/excerpt";

/** Of one credential's words, as much as says what is wrong. */
const longestReason = 400;

/** More than the SDK has credentials to try. */
const mostReasons = 10;

/** What a credential says that nobody set up here: of several it is the one that is meant the least. */
const notSetUp =
  /unavailable|not available|not configured|not installed|(could not|couldn't) be found|unable to execute|unreachable|required parameters/i;

/**
 * Why no credential gave a token, one reason a line. The SDK says it on the lines behind its first; a credential that was
 * refused matters, the others only where none was.
 */
export function credentialReasons(thrown: unknown): string {
  const { errors } = (thrown ?? {}) as { readonly errors?: readonly unknown[] };
  const all = (errors?.length ? errors : [thrown]).map(reasonOf);
  const refused = all.filter((reason) => !notSetUp.test(reason));
  const reasons = [...new Set(refused.length > 0 ? refused : all)];
  return reasons
    .slice(0, mostReasons)
    .map((reason) => `\n  ${reason}`)
    .join("");
}

/** In one line, without advice for developers of the SDK, numbers for Azure's support, tokens and somebody's home. */
function reasonOf(thrown: unknown): string {
  const { message = String(thrown) } = (thrown ?? {}) as { readonly message?: string };
  const text = message
    .replaceAll(/\s+/g, " ")
    .replaceAll(/\.? ?To (troubleshoot|mitigate)[^.]*?https:\/\/\S+/g, ".")
    .replaceAll(
      /[ .-]*(Trace ID|Correlation ID|Timestamp): ?[\dA-Za-z:.\- ]*?(?=,|$| Trace ID| Correlation ID| Timestamp)/g,
      "",
    )
    .replaceAll(/\b[\w-]{16,}\.[\w-]{16,}\.[\w-]*/g, "***")
    .replaceAll(
      /((?:client_?secret|client_?assertion|access_?token|refresh_?token|password)["']?\s*[=:]\s*["']?)[^\s"'&,]+/gi,
      "$1***",
    )
    .replaceAll(homedir(), "~")
    .replace(/[\s,]+$/, "");
  return bounded(text.trim(), longestReason);
}
