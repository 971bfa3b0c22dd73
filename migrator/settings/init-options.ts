import { dryRunOption, yesOption } from "./command-options";
import { text } from "./parsers";
import { defineOption } from "./read-options";

/** Options of `init`. */
export const initOptions = {
  name: defineOption<string | undefined>({
    flags: "--name <name>",
    env: "SCHEMAGATE_NAME",
    about: "first part of every name in Azure (default: the directory's name)",
    parse: text,
  }),
  dryRun: dryRunOption,
  yes: yesOption,
};
