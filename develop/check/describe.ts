import { count, type Style } from "../../migrator/events/words";
import { describeDifferences } from "../catalog/describe";
import type { Checked } from "./check";

/** What was found, as a person reads it. */
export function describeChecked({ differences, history, lint }: Checked, style: Style): string {
  const words = { expected: "the models", actual: "the migrations" };
  return [
    ...part(style, "models", differences && describeDifferences(differences, words), {
      good: "the migrations lead to what the models say",
      bad: 'the migrations do not lead to what the models say: `generate -m "…"`',
      none: "no models are named",
    }),
    ...part(
      style,
      "history",
      history?.map(({ message, hint, code }) => `${message}. ${hint} [${code}]`),
      {
        good: "one line, nothing edited",
        bad: "the branches do not make one line",
        none: "not checked: name the branch to merge into with --base",
      },
    ),
    ...part(
      style,
      "lint",
      lint.map(({ file, line, rule, what, instead }) => `${file}:${line}: ${what}. ${instead} [${rule}]`),
      { good: "clean", bad: count(lint.length, "finding"), none: "" },
    ),
  ].join("\n");
}

function part(
  style: Style,
  name: string,
  lines: readonly string[] | undefined,
  words: { readonly good: string; readonly bad: string; readonly none: string },
): string[] {
  if (lines === undefined) {
    return [style.dim(`- ${name}: ${words.none}`)];
  }
  return lines.length === 0
    ? [`${style.green("✔")} ${name}: ${words.good}`]
    : [`${style.red("✖")} ${name}: ${words.bad}`, ...lines.map((line) => `  ${line}`)];
}
