import { dirname, join, relative, sep } from "node:path";
import { cdktnDirectory } from "../../scripts/install-cdktn";
import { projectDirectory, runNode } from "../infra/support/run-script";

const tsc = join(dirname(require.resolve("typescript/package.json")), "bin", "tsc");

/** Packages that a list of files comes from, by the node_modules they are in. */
function packagesOf(files: readonly string[]): ReadonlySet<string> {
  const name = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;
  return new Set(files.flatMap((file) => name.exec(relative(projectDirectory, file).replaceAll(sep, "/"))?.[1] ?? []));
}

it("infra/ keeps to the types of CDK Terrain, and reads no others", async () => {
  const { exitCode, stdout } = await runNode([tsc, "-p", cdktnDirectory, "--listFiles", "--pretty", "false"], {});
  const lines = stdout.split(/\r?\n/);
  expect(lines.filter((line) => line.includes("error TS"))).toEqual([]);
  expect(exitCode).toBe(0);
  const packages = [...packagesOf(lines)];
  expect(packages).toEqual(
    expect.arrayContaining(
      ["cdktn", "constructs", "@cdktn/provider-azurerm"].map((name) => `cdktn/node_modules/${name}`),
    ),
  );
  expect(packages.filter((name) => /^node_modules\/(cdktf|constructs|@cdktf\/.*)$/.test(name))).toEqual([]);
});
