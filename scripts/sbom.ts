// Writes build/sbom.cdx.json: the packages whose code is in the image's bundles, with versions and licences, as CycloneDX.
// What the base image brings is for a scanner of images.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const root = join(__dirname, "..");

/** The written bill. */
export const sbomFile = join(root, "build/sbom.cdx.json");

/** As far as it is looked at here: https://cyclonedx.org/docs/1.6/json */
export interface Component {
  readonly "bom-ref": string;
  readonly name: string;
  readonly version?: string;
  readonly licenses?: readonly unknown[];
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

export interface Bill {
  readonly metadata: { readonly component: { readonly "bom-ref": string } };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

/** The bill of what the image carries. */
export function imageBill(): Bill {
  const dir = mkdtempSync(join(tmpdir(), "schemagate-sbom-"));
  try {
    return only(wholeBill(dir), bundledPackages(dir));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Directories of the packages that esbuild took code from, as the lockfile names them. */
function bundledPackages(dir: string): ReadonlySet<string> {
  const metafile = join(dir, "meta.json");
  execFileSync(process.execPath, [join(root, "scripts/build.mjs"), "--image", "--metafile", metafile], { cwd: root });
  const { outputs } = JSON.parse(readFileSync(metafile, "utf8")) as {
    outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }>;
  };
  const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
  const packages = inputs.map((input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0]);
  return new Set(packages.filter((path) => path !== undefined));
}

function wholeBill(dir: string): Bill {
  const file = join(dir, "sbom.json");
  const tool = join(root, "node_modules/@cyclonedx/cyclonedx-npm/bin/cyclonedx-npm-cli.js");
  const options = ["--flatten-components", "--output-reproducible", "--mc-type", "application", "--output-file", file];
  execFileSync(process.execPath, [tool, ...options], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  return JSON.parse(readFileSync(file, "utf8"));
}

function only(bill: Bill, paths: ReadonlySet<string>): Bill {
  const pathOf = ({ properties = [] }: Component) =>
    properties.find(({ name }) => name === "cdx:npm:package:path")?.value ?? "";
  const components = bill.components.filter((component) => paths.has(pathOf(component)));
  const kept = new Set([bill.metadata.component["bom-ref"], ...components.map((component) => component["bom-ref"])]);
  const dependencies = bill.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((other) => kept.has(other)) }));
  return { ...bill, components, dependencies };
}

// Under jiti, as under node, argv[1] is the script that was asked for; a test imports this file.
if (process.argv[1] === __filename) {
  mkdirSync(dirname(sbomFile), { recursive: true });
  writeFileSync(sbomFile, `${JSON.stringify(imageBill(), undefined, 2)}\n`);
}
