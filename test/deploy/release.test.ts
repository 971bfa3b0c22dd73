import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hashSource } from "../../deploy/release/source-hash";
import { projectDirectory } from "../infra/support/run-script";
import { hasty, steps, useDeployment } from "./deployment";
import { newRevision, oldRevision, revision, stories } from "./stories";

const { run, file, azure, app, applied, calls } = useDeployment();

const repository = "crschemagatedev.azurecr.io/schemagate";
const digest = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;
/** The stand-in's first build, and its second. */
const [first, second] = [digest("build 0"), digest("build 2")];

const registry = (images: Record<string, string> = {}) => {
  writeFileSync(file("registry.json"), JSON.stringify(images));
  return { FAKE_REGISTRY: file("registry.json") };
};
const images = () => JSON.parse(readFileSync(file("registry.json"), "utf8"));

/** Azure with a revision that runs an image, beside one that ran another. */
const runs = (image: string, before = `${repository}:0.0.9`) => [
  {
    latestReady: newRevision,
    revisions: [
      revision(oldRevision, { active: false }, { app: { image: before }, migrate: { image: before } }),
      revision(newRevision, {}, { app: { image }, migrate: { image } }),
    ],
  },
];

const deployedImages = () => {
  const { container, init_container } = app().template;
  return [container[0].image, init_container[0].image];
};

describe("--build", () => {
  const build = (variables: Record<string, string>, gate = runs(`${repository}@${first}`), stacks = ["app"]) =>
    run(["deploy", "dev", ...stacks, "--build", ...hasty], { gate }, variables);

  it("builds once the registry is there, and deploys what was built by its digest", async () => {
    const { exitCode, stdout } = await build(registry(), undefined, []);
    expect(exitCode).toBe(0);
    expect(steps(stdout)).toEqual(["platform", "image", "jobs", "database roles", "app", "gate"]);
    expect(azure().cliCalls.find((call) => call.startsWith("acr build"))).toMatch(
      /^acr build --registry crschemagatedev --image schemagate:0\.1\.0 --image schemagate:source-[0-9a-f]{12} --build-arg VERSION=0\.1\.0 --build-arg REVISION=\w+ \.$/,
    );
    expect(deployedImages()).toEqual([`${repository}@${first}`, `${repository}@${first}`]);
  });

  it("INV-28: refuses a tag that was built from other files, and deploys neither jobs nor app", async () => {
    const { exitCode, stderr } = await build(registry({ "schemagate:0.1.0": second }));
    expect(exitCode).toBe(9);
    expect(stderr).toContain(`schemagate:0.1.0 is in the registry crschemagatedev already, as ${second}`);
    expect(stderr).toContain("Raise 'version' in package.json, or name another tag in SCHEMAGATE_IMAGE_TAG");
    expect(stderr).toContain(`npm run deploy -- dev --image ${repository}@${second}`);
    expect(stderr).toContain("[tag-taken, exit 9]");
    expect(images()).toEqual({ "schemagate:0.1.0": second });
    expect(calls()).toEqual([]);
  });

  it("goes on with what it has built when the files are the same: a deployment was cut off", async () => {
    const variables = registry();
    await build(variables);
    const built = images();
    const { exitCode, stdout } = await build(variables);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("schemagate:0.1.0 was built from these files before");
    expect(images()).toEqual(built);
    expect(deployedImages()[0]).toBe(`${repository}@${first}`);
  });

  it("builds other files under another tag, and leaves the first alone", async () => {
    const variables = { ...registry({ "schemagate:0.1.0": digest("other") }), SCHEMAGATE_IMAGE_TAG: "0.1.1" };
    const { exitCode } = await build(variables, runs(`${repository}@${digest("build 1")}`));
    expect(exitCode).toBe(0);
    expect(images()).toMatchObject({ "schemagate:0.1.0": digest("other"), "schemagate:0.1.1": digest("build 1") });
  });

  it.each([
    ["the build fails", "acr build", "build-failed"],
    ["nobody can tell what the tag names", "acr repository show", "digest-unknown"],
  ])("fails when %s", async (_, FAKE_CLI_FAIL, code) => {
    const { exitCode, stderr } = await build({ ...registry(), FAKE_CLI_FAIL });
    expect(exitCode).toBe(9);
    expect(stderr).toContain(`[${code}, exit 9]`);
    expect(images()).toEqual({});
    expect(calls()).toEqual([]);
  });

  it.each<[readonly string[], Record<string, string>, string]>([
    [["--image", "shop.example/shop:1"], {}, "--build and --image (shop.example/shop:1) are both given"],
    [["--to", "previous"], {}, "--build and --to (previous) are both given"],
    [[], { SCHEMAGATE_IMAGE: "shop.example/shop:1" }, "--build and SCHEMAGATE_IMAGE (shop.example/shop:1)"],
  ])("is refused beside another image: %j %j", async (flags, variables, message) => {
    const { exitCode, stderr } = await run(["deploy", "dev", "--build", ...flags, ...hasty], {}, variables);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe("a tag in the platform's registry", () => {
  it("is deployed by its digest", async () => {
    const gate = runs(`${repository}@${first}`);
    const { exitCode } = await run(
      ["deploy", "dev", "app", ...hasty],
      { gate },
      registry({ "schemagate:0.1.0": first }),
    );
    expect(exitCode).toBe(0);
    expect(deployedImages()).toEqual([`${repository}@${first}`, `${repository}@${first}`]);
  });

  it("is refused where the registry does not have it, before jobs and app are touched", async () => {
    const { exitCode, stderr } = await run(
      ["deploy", "dev", "jobs", ...hasty],
      {},
      registry({ "schemagate:0.0.9": first }),
    );
    expect(exitCode).toBe(12);
    expect(stderr).toContain("there is no schemagate:0.1.0 in the registry crschemagatedev");
    expect(calls()).toEqual([]);
  });

  it("is deployed as it is, with a warning, where nobody can ask", async () => {
    const { exitCode, stdout } = await run(["deploy", "dev", "app", ...hasty], { gate: stories.scaledToZero });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`warning: ${repository}:0.1.0 is deployed by its tag`);
    expect(deployedImages()[0]).toBe(`${repository}:0.1.0`);
  });

  it("opens the gate that is asked alone when its digest runs", async () => {
    const gate = runs(`${repository}@${first}`);
    const { exitCode } = await run(
      ["gate", "dev", ...hasty.slice(1)],
      { gate },
      registry({ "schemagate:0.1.0": first }),
    );
    expect(exitCode).toBe(0);
  });
});

describe("--to", () => {
  it("previous deploys the image of the release before, through the gate", async () => {
    const before = `${repository}@${second}`;
    const { exitCode, stdout } = await run(
      ["deploy", "dev", "--to", "previous", "--skip-gate", ...hasty],
      { gate: runs(`${repository}@${first}`, before) },
      registry({ [`schemagate@${second}`]: second }),
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`back to ${before}, which ${oldRevision} ran`);
    expect(applied()).toEqual(["jobs", "app"]);
    expect(deployedImages()).toEqual([before, before]);
  });

  it("a digest deploys that image of the platform's registry, through the gate", async () => {
    const { exitCode, stdout } = await run(
      ["deploy", "dev", "app", "--to", second, ...hasty],
      { gate: runs(`${repository}@${second}`) },
      registry({ [`schemagate@${second}`]: second }),
    );
    expect(exitCode).toBe(0);
    expect(steps(stdout)).toEqual(["app", "gate"]);
    expect(deployedImages()[0]).toBe(`${repository}@${second}`);
  });

  it("a digest that the registry does not have is refused before anything is changed", async () => {
    const { exitCode, stderr } = await run(["deploy", "dev", "--to", second, ...hasty], {}, registry());
    expect(exitCode).toBe(12);
    expect(stderr).toContain(`there is no schemagate@${second} in the registry`);
  });

  it("previous is refused where nothing else was ever up", async () => {
    const image = `${repository}:0.1.0`;
    const { exitCode, stderr } = await run(["deploy", "dev", "--to", "previous", ...hasty], {
      gate: runs(image, image),
    });
    expect(exitCode).toBe(12);
    expect(stderr).toContain(`has no revision with another image than ${image} that was ever up`);
  });

  it("anything else is refused, with what it takes", async () => {
    const { exitCode, stderr } = await run(["deploy", "dev", "--to", "0.0.9", ...hasty]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--to (0.0.9): must be 'previous', or a digest");
  });
});

it("a build's source is every file that Docker is given, and no other", () => {
  const before = hashSource(projectDirectory, { VERSION: "1" });
  expect(before).toMatch(/^[0-9a-f]{12}$/);
  expect(hashSource(projectDirectory, { VERSION: "1" })).toBe(before);
  expect(hashSource(projectDirectory, { VERSION: "2" })).not.toBe(before);
  const source = (files: Record<string, string>) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(file(name), text);
    return hashSource(join(file("x"), ".."), {});
  };
  const one = source({ ".dockerignore": "*\n!app.js\n", "app.js": "1", "notes.md": "1", Dockerfile: "FROM a" });
  expect(source({ "notes.md": "2" })).toBe(one);
  expect(source({ "app.js": "2" })).not.toBe(one);
  expect(source({ "app.js": "1" })).toBe(one);
  expect(source({ Dockerfile: "FROM b" })).not.toBe(one);
});
