// Writes build/sbom.cdx.json: the packages whose code is in the image's bundles, with versions and licences, as CycloneDX.
// What the base image brings is for a scanner of images.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import lockfile from "../package-lock.json";

const root = join(__dirname, "..");

/** The written bill. */
export const sbomFile = join(root, "build/sbom.cdx.json");

/** As far as it is looked at here: https://cyclonedx.org/docs/1.5/json */
export interface Component {
  /** npm writes name@version. */
  readonly "bom-ref": string;
  readonly name: string;
  readonly version?: string;
  readonly licenses?: readonly unknown[];
}

export interface Bill {
  readonly serialNumber?: string;
  readonly metadata: { readonly timestamp?: string; readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

/** The bill of what the image carries. */
export function imageBill(): Bill {
  return only(wholeBill(), bundledPackages());
}

/** Packages that esbuild took code from, as name@version. */
function bundledPackages(): ReadonlySet<string> {
  const { outputs } = buildImage();
  const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
  const paths = inputs.map((input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0]);
  const locked: Record<string, { name?: string; version: string }> = lockfile.packages;
  return new Set(
    paths
      .filter((path) => path !== undefined)
      .map((path) => `${locked[path]?.name ?? path.replace(/^.*node_modules\//, "")}@${locked[path]?.version}`),
  );
}

/** @returns what esbuild tells of the image's bundles */
function buildImage(): { outputs: Record<string, { inputs: Record<string, unknown> }> } {
  const dir = mkdtempSync(join(tmpdir(), "schemagate-sbom-"));
  try {
    const metafile = join(dir, "meta.json");
    const options = ["--image", "--out", join(dir, "dist"), "--metafile", metafile];
    execFileSync(process.execPath, [join(root, "scripts/build.mjs"), ...options], { cwd: root });
    return JSON.parse(readFileSync(metafile, "utf8"));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** npm's bill of all that the lockfile names. */
function wholeBill(): Bill {
  const options = ["--package-lock-only", "--sbom-format", "cyclonedx", "--sbom-type", "application"];
  const bill = execFileSync("npm", ["sbom", ...options], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: Number.POSITIVE_INFINITY,
    shell: process.platform === "win32",
  });
  return JSON.parse(bill);
}

/** Without what differs from run to run, and with the project's name, for which npm takes the directory's. */
function only({ serialNumber: _, ...bill }: Bill, packages: ReadonlySet<string>): Bill {
  const { timestamp: __, ...metadata } = bill.metadata;
  const components = bill.components.filter((component) => packages.has(component["bom-ref"]));
  const kept = new Set([metadata.component["bom-ref"], ...components.map((component) => component["bom-ref"])]);
  const dependencies = bill.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((other) => kept.has(other)) }));
  return {
    ...bill,
    metadata: { ...metadata, component: { ...metadata.component, name: lockfile.name } },
    components,
    dependencies,
  };
}

// Under jiti, as under node, argv[1] is the script that was asked for; a test imports this file.
if (process.argv[1] === __filename) {
  mkdirSync(dirname(sbomFile), { recursive: true });
  writeFileSync(sbomFile, `${JSON.stringify(imageBill(), undefined, 2)}\n`);
}
