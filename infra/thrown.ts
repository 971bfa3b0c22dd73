import { sep } from "node:path";

/**
 * What code of the project threw, in one line: its message, and where, when that is a file of the project.
 *
 * @param thrown whatever it was.
 */
export function describeThrown(thrown: unknown): string {
  if (!(thrown instanceof Error || isErrorLike(thrown))) return `it threw ${JSON.stringify(thrown) ?? String(thrown)}`;
  // Node's list of who required a missing module names what is known already.
  const message = thrown.message
    .replace(/\nRequire stack:[\s\S]*$/, "")
    .replace(/\s+/g, " ")
    .trim();
  const place = /^\s+at (?:.*\()?(?:file:\/\/)?(\/?[^():\n]*[\\/][^():\n]+:\d+:\d+)\)?$/m.exec(thrown.stack ?? "")?.[1];
  return place === undefined || /node_modules|[\\/]dist[\\/]|node:/.test(place) || message.includes(place)
    ? shortened(message)
    : shortened(`${message}, at ${place}`);
}

/** Errors of another realm are no instances of ours. */
function isErrorLike(thrown: unknown): thrown is { readonly message: string; readonly stack?: string } {
  return typeof (thrown as { message?: unknown } | undefined | null)?.message === "string";
}

/** Paths in the project as a person names them. */
function shortened(text: string): string {
  return text.replaceAll(process.cwd() + sep, "");
}
