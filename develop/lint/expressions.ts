import type { Node } from "libpg-query";
import type { Schema } from "./schema";
import { as, textOf, walk } from "./tree";

/** Columns that a check proves to be not null: those that its AND-ed parts test for that. */
export function provenNotNull(expression: Node | undefined): string[] {
  const and = as(expression, "BoolExpr");
  if (and?.boolop === "AND_EXPR") {
    return (and.args ?? []).flatMap(provenNotNull);
  }
  const test = as(expression, "NullTest");
  const column = as(test?.arg, "ColumnRef")?.fields?.at(-1);
  return test?.nulltesttype === "IS_NOT_NULL" && column ? [textOf(column)] : [];
}

/**
 * Built-in functions that are not volatile (pg_proc.provolatile) and likely in a default. Any other is taken for volatile
 * unless the migrations declare it.
 */
export const steadyFunctions: ReadonlySet<string> = new Set(
  (
    "now transaction_timestamp statement_timestamp date_trunc date_part extract timezone make_date make_time make_interval " +
    "make_timestamp make_timestamptz to_char to_date to_number to_timestamp age justify_days justify_hours " +
    "lower upper trim btrim ltrim rtrim concat concat_ws format replace substring substr left right lpad rpad repeat " +
    "md5 sha224 sha256 sha384 sha512 encode decode length abs round ceil ceiling floor trunc mod power sqrt sign pi " +
    "greatest least coalesce nullif array_append array_cat array_fill string_to_array jsonb_build_object jsonb_build_array " +
    "json_build_object json_build_array to_json to_jsonb row_to_json jsonb_object json_object current_setting " +
    "int4range int8range numrange daterange tsrange tstzrange to_tsvector to_tsquery point box circle hstore " +
    "pg_current_xact_id txid_current inet_client_addr current_database current_schema version"
  ).split(" "),
);

/** Functions in an expression that may give each row another value, by name; then a default cannot be stored once. */
export function volatileFunctions(expression: Node | undefined, schema: Schema): string[] {
  const found: string[] = [];
  walk(expression, (kind, { funcname }) => {
    if (kind !== "FuncCall") {
      return;
    }
    const parts = (funcname as Node[]).map(textOf);
    const builtIn = (parts.length === 1 || parts[0] === "pg_catalog") && steadyFunctions.has(parts.at(-1) ?? "");
    if (!builtIn && !schema.steadyFunctions.has(schema.key(parts))) {
      found.push(parts.join("."));
    }
  });
  return found;
}
