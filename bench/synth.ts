import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Benchmark } from "./support/context";
import { type Contestant, interleave } from "./support/interleave";
import type { Row } from "./support/result";

const root = join(__dirname, "..");
const environments = ["dev", "staging", "prod"];
const counts = [1, 5, 10, 20];

export const synth: Benchmark = {
  name: "synth",
  about: "the process that synthesizes the stacks, beside a bare CDKTF app; and against the number of apps",
  run: async ({ dir, rounds }) => {
    const { app } = JSON.parse(readFileSync(join(root, "cdktf.json"), "utf8"));
    const program = String(app).split(" ");
    const jiti = join(root, "node_modules/jiti/lib/jiti-cli.mjs");
    const contestant = (label: string, program: readonly string[], env = {}): Contestant => ({
      label,
      command: [process.execPath, ...program],
      cwd: root,
      env: { HOME: dir, CDKTF_OUTDIR: join(dir, label.replace(/\W+/g, "-")), ...env },
    });
    const bare = contestant("a bare CDKTF app, one resource", [jiti, "bench/stacks/bare.ts"]);
    const ours = environments.map((name) => contestant(name, program.slice(1), { SCHEMAGATE_ENVIRONMENT: name }));
    const many = counts.map((n) => contestant(`${n} apps`, [jiti, "bench/stacks/apps.ts"], { APPS: String(n) }));
    for (const each of [bare, ...ours, ...many]) {
      mkdirSync(each.env?.CDKTF_OUTDIR ?? dir, { recursive: true });
    }
    const all = [bare, ...ours, ...many];
    const summaries = await interleave(all, { rounds: rounds(15) });
    const rows: Row[] = all.map(({ label }, index) => ({ label, ...summaries[index] }));
    const median = (index: number) => summaries[index]?.median ?? Number.NaN;
    return {
      title: "synthesizing the stacks: the app process of npm run synth",
      rows,
      targets: environments.map((name, index) => ({
        what: `${name} against the bare app`,
        measured: median(index + 1) / median(0),
        atMost: 1.2,
        unit: "x",
      })),
      curves: {
        x: "apps in one stack",
        y: "ms",
        lines: [
          { label: "synth", points: counts.map((x, index) => ({ x, y: median(index + 1 + environments.length) })) },
        ],
      },
      notes: [`The environments are run as cdktf.json says: ${app}. The others by jiti.`],
    };
  },
};
