/** An error of a module in a few lines: its message, and the places in the project that it came from. */
export function describeLoadError(cause: unknown): string {
  if (!(cause instanceof Error)) {
    return `it threw ${typeof cause === "string" ? JSON.stringify(cause) : String(cause)}`;
  }
  const message = (cause.message.split("\nRequire stack:")[0] ?? "").trim();
  const places = (cause.stack ?? "")
    .split("\n")
    .filter(
      (line) =>
        /^\s+at .*[\\/].*:\d+:\d+\)?$/.test(line) &&
        !/node:|[\\/]node_modules[\\/]|[\\/]drizzle-child\.[jt]s:/.test(line),
    )
    .slice(0, 3)
    .map((line) => `\n  ${line.trim()}`);
  return `${message}${places.join("")}`;
}
