import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { OptionSpec } from "../migrator/settings";
import * as settings from "../migrator/settings";

const root = join(__dirname, "..");

/** The generated page. */
export const referenceFile = join(root, "docs/cli.md");

/** The page with a generated table. */
export const settingsFile = join(root, "docs/settings.md");

const head = `# Command line

<!-- Written by \`npm run docs:cli\` from the commands' own --help; a test fails when it is out of date. -->

Every option has an environment variable that says the same; the option wins, and an empty variable counts as unset.
\`--dir\`, the options of the connection, \`--json\` and \`--no-json\` are taken by every command; the help shows them where they
matter. A \`NAME\` may be shortened to a beginning that only one migration has, with or without its number. What the command
ends with is in [exit-codes.md](exit-codes.md).
`;

/** Writes the reference from the help of the built command line: of itself and of each command it lists. */
export function cliReference(): string {
  const help = helpOf();
  const sections = commandsIn(help).map((name) => `## ${name}\n\n${fenced(helpOf(name))}`);
  return `${[head, fenced(help), ...sections].join("\n")}`;
}

/** @returns the page about settings, with the table of variables made anew. */
export function settingsPage(): string {
  const page = readFileSync(settingsFile, "utf8");
  return page.replace(
    /(<!-- variables -->\n)[\s\S]*(<!-- \/variables -->)/,
    (_, begin, end) => begin + variables() + end,
  );
}

/** Every option's variable, once, by name. */
function variables(): string {
  const specs = new Map(
    Object.values(settings)
      .flatMap(specsIn)
      .map((spec) => [spec.env, spec]),
  );
  const sorted = [...specs.values()].sort((a, b) => (a.env < b.env ? -1 : 1));
  const rows = sorted.map(
    ({ env, flags, about, fallback = "" }) => `| ${env} | \`${flags}\` | ${about} | ${fallback} |`,
  );
  return `| variable | option | what it is | default |\n|---|---|---|---|\n${rows.join("\n").replaceAll(" false |", " |")}\n`;
}

function specsIn(value: unknown): OptionSpec<unknown>[] {
  if (typeof value !== "object" || value === null) {
    return [];
  }
  return "flags" in value && "env" in value ? [value as OptionSpec<unknown>] : Object.values(value).flatMap(specsIn);
}

function helpOf(...command: string[]): string {
  // Piped, help is 80 columns wide; the variables are for the day that it asks for them.
  const env = { ...process.env, COLUMNS: "80", NO_COLOR: "1" };
  return execFileSync(process.execPath, [join(root, "dist/cli.js"), ...command, "--help"], { env, encoding: "utf8" });
}

/** Names in the list of commands; lines that go on are indented further. */
function commandsIn(help: string): string[] {
  const list = help.slice(help.indexOf("\nCommands:\n"));
  return [...list.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name = ""]) => name).filter((name) => name !== "help");
}

function fenced(text: string): string {
  return `\`\`\`text\n${text.trimEnd()}\n\`\`\`\n`;
}

// Under jiti, as under node, argv[1] is the script that was asked for; a test imports this file.
if (process.argv[1] === __filename) {
  writeFileSync(referenceFile, cliReference());
  writeFileSync(settingsFile, settingsPage());
}
