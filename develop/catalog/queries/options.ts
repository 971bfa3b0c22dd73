import { sorted } from "../sql";

/** SQL for foreign options (`name=value`) without the values of those that look like secrets. */
export function options(array: string): string {
  return `(SELECT string_agg(CASE WHEN split_part(item, '=', 1) ~* '(pass|secret|token|key|credential|private|cert)'
    THEN split_part(item, '=', 1) ELSE item END, ', ' ORDER BY item COLLATE "C") FROM unnest(${array}) AS item)`;
}

/** SQL for the mere names of foreign options. */
export function optionNames(array: string): string {
  return sorted(`ARRAY(SELECT split_part(item, '=', 1) FROM unnest(${array}) AS item)`);
}
