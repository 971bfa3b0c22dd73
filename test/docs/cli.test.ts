import { readFileSync } from "node:fs";
import { cliReference, referenceFile, settingsFile, settingsPage } from "../../scripts/cli-reference";

let reference: string;

beforeAll(() => {
  reference = cliReference();
});

test("the command line reference is what the commands say about themselves", () => {
  // `npm run docs:cli` writes it anew.
  expect(readFileSync(referenceFile, "utf8")).toBe(reference);
});

test("the table of variables is what the options say about themselves", () => {
  expect(readFileSync(settingsFile, "utf8")).toBe(settingsPage());
});

test("the reference has a section for every command, with an example of each", () => {
  for (const command of ["up", "down", "status", "show", "rebase", "doctor", "bootstrap", "create", "seal"]) {
    expect(reference).toContain(`\n## ${command}\n`);
    expect(reference).toContain(`$ schemagate ${command}`);
  }
});
