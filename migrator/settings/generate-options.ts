import { defineOption } from "./read-options";

/** Options of `generate`. */
export const generateOptions = {
  rename: defineOption<readonly string[]>({
    flags: "--rename <hint...>",
    env: "SCHEMAGATE_RENAME",
    about: "what has a new name rather than being dropped and added: table:old=new, column:table.old=new",
    fallback: [],
    // Commas inside of quoted names are theirs.
    parse: (text) => text.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/).map((hint) => hint.trim()),
  }),
};
