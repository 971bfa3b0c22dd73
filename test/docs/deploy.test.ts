import { readFileSync } from "node:fs";
import { join } from "node:path";
import { migratorLinesQuery, since, systemEventsQuery } from "../../infra/log-queries";
import { exitCodes } from "../../migrator/errors";
import { scripts } from "../../package.json";
import { useWarmProgram } from "../deploy/support";
import { root } from "../support/migrator";

const read = (page: string) => readFileSync(join(root, "docs", page), "utf8");

/** The npm commands of a page's blocks of a kind. */
function commands(page: string, needs: string): string[] {
  const blocks = read(page).matchAll(new RegExp(`^\`\`\`sh ${needs}\\n([\\s\\S]*?)^\`\`\`$`, "gm"));
  const lines = [...blocks].flatMap(([, text = ""]) => text.split("\n"));
  // Synthesizing needs nothing of the kind, wherever it stands: readme.test.ts runs it.
  return lines.filter((line) => /^npm run (?!synth )/.test(line)).map((line) => line.replace(/\s+#.*$/, ""));
}

/** readme.test.ts runs such commands by npm itself. */
const program = useWarmProgram();

const pages = ["deploy.md", "pipelines.md", "runbook.md", "rollback.md", "long-data.md", "cdk-terrain.md"];

describe.each([
  ["azure", "no-terraform-here (not on PATH)"],
  ["signed-in", "subscription (missing)"],
])("the commands that are %s", (needs, message) => {
  const all = pages.flatMap((page) => commands(page, needs).map((command) => ({ page, command })));

  test.each(all)("$page: $command is accepted up to the point where it needs that", async ({ command }) => {
    const [, script = "", args = ""] = /^npm run (\w+) -- (.+)$/.exec(command) ?? [];
    expect(scripts).toHaveProperty(script, `jiti deploy/main.ts ${script}`);
    const { exitCode, stderr } = await program([script, ...args.split(" ")], {
      TERRAFORM_BINARY_NAME: "no-terraform-here",
      ARM_SUBSCRIPTION_ID: "",
      AZURE_SUBSCRIPTION_ID: "",
      AZURE_CONFIG_DIR: join(root, "no-such-directory"),
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(message) });
  });
});

test("the runbook's queries are those of the gate", () => {
  const logs = { destination: "azure-monitor", app: "ca-schemagate-prod", revision: "<revision>" } as const;
  const queries = [...read("runbook.md").matchAll(/```kusto\n([\s\S]*?)\n```/g)].map(([, query]) => query);
  expect(queries).toEqual([since(migratorLinesQuery(logs), "1h"), since(systemEventsQuery(logs), "1h")]);
});

test("every exit code and every reason of a gate is documented", () => {
  const page = read("exit-codes.md");
  for (const code of Object.values(exitCodes))
    expect(page).toMatch(new RegExp(`^\\| (\\d+, )?${code}(, \\d+)? \\|`, "m"));
  const source = readFileSync(join(root, "deploy/gate/judge.ts"), "utf8");
  const [, union = ""] = /export type HeldCode =([\s\S]*?);/.exec(source) ?? [];
  const codes = [...union.matchAll(/"([\w-]+)"/g)].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(5);
  for (const code of [...codes, "timed-out", "not-deployed"]) expect(page).toContain(`| ${code} |`);
});

test("every page that a page names is there", () => {
  for (const page of [...pages, "constructs.md", "architecture.md", "exit-codes.md"]) {
    for (const [, target = ""] of read(page).matchAll(/\]\(([\w./-]+)\)/g)) {
      expect(readFileSync(join(root, "docs", target), "utf8")).not.toBe("");
    }
  }
});
