import { text } from "./parsers";
import { defineOption } from "./read-options";

/** Options of the commands that use scratch databases. */
export const scratchOptions = {
  scratchUrl: defineOption<string | undefined>({
    flags: "--scratch-url <url>",
    env: "SCHEMAGATE_SCRATCH_URL",
    about:
      "server for scratch databases, or the word embedded: one of your own, where migrations may also change roles " +
      "and settings of the whole server (default: beside the database; the embedded one when nothing names a database)",
    secret: true,
    parse: text,
  }),
};

/** Texts between commas; an option that is given several times comes as that, too. */
function list(text: string): readonly string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/** Options of `verify`. */
export const verifyOptions = {
  from: defineOption<string | undefined>({
    flags: "--from <name>",
    env: "SCHEMAGATE_FROM",
    about: "first migration to examine; those before it are only applied (default: the first of all)",
    parse: text,
  }),
  withData: defineOption<readonly string[] | undefined>({
    flags: "--with-data <files...>",
    env: "SCHEMAGATE_WITH_DATA",
    about:
      "SQL files with rows that reverting must not lose; `-- after: <name>` in its first line says behind which " +
      "migration a file comes (default: behind all)",
    parse: list,
  }),
};

/** Options of `drift`. */
export const driftOptions = {
  ignoreSchema: defineOption<readonly string[] | undefined>({
    flags: "--ignore-schema <names...>",
    env: "SCHEMAGATE_IGNORE_SCHEMA",
    about: "schemas that are not compared, those of other tools say",
    parse: list,
  }),
};
