/**
 * A time in SQL, in milliseconds since 1970: how the server writes a time depends on settings of the database and the role,
 * and the driver reads only one of the ways.
 */
export function millisecondsSql(time: string): string {
  return `floor(extract(epoch FROM ${time}) * 1000)::float8`;
}

/** Settings on which it depends how the server writes values; the driver reads only these. DateStyle keeps its order. */
const readable = ["DateStyle = ISO", "IntervalStyle = postgres", "bytea_output = hex", "extra_float_digits = 1"];

/** The statements that make the driver read every value, for a transaction or for the session. */
export function readableValuesSql(scope: "LOCAL" | "SESSION"): string {
  return readable.map((setting) => `SET ${scope} ${setting}`).join("; ");
}
