import { flag, oneOf, text } from "./parsers";
import { defineOption } from "./read-options";

/** Which migrations a branch brings. */
export const baseOption = defineOption<string | undefined>({
  flags: "--base <ref>",
  env: "SCHEMAGATE_BASE",
  about: "only migrations that are new or changed since this branch left the git ref, such as origin/main",
  parse: text,
});

/** Options of `lint`. */
export const lintOptions = {
  base: baseOption,
  format: defineOption<"words" | "json" | "github" | "sarif" | undefined>({
    flags: "--format <format>",
    env: "SCHEMAGATE_LINT_FORMAT",
    about: "words, json lines, github annotations, or sarif (default: words on a terminal, json elsewhere)",
    parse: oneOf("words", "json", "github", "sarif"),
  }),
  strict: defineOption({
    flags: "--strict",
    env: "SCHEMAGATE_LINT_STRICT",
    about: "exit 3 for warnings as well",
    fallback: false,
    parse: flag,
  }),
  rules: defineOption({
    flags: "--rules",
    env: "SCHEMAGATE_LINT_RULES",
    about: "list the rules instead",
    fallback: false,
    parse: flag,
  }),
};

/** Options of `plan`. */
export const planOptions = {
  base: baseOption,
  format: defineOption<"words" | "json" | "markdown" | undefined>({
    flags: "--format <format>",
    env: "SCHEMAGATE_PLAN_FORMAT",
    about: "words, json, or markdown for a comment (default: words on a terminal, json elsewhere)",
    parse: oneOf("words", "json", "markdown"),
  }),
};
