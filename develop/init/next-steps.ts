import type { ProjectKind, TemplateFile } from "./templates";

/** Something that is left to do by hand. */
export interface NextStep {
  /** Command to run, or what to change. */
  readonly step: string;
  readonly about: string;
}

interface Situation {
  /** The directory as it was named. */
  readonly target: string;
  readonly kind: ProjectKind;
  readonly files: readonly TemplateFile[];
  readonly kept: readonly string[];
  /** Text of a file of the project; undefined when it is not there. */
  readonly read: (path: string) => Promise<string | undefined>;
}

/** As far as it is looked at here. */
interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** What `init` cannot do without changing a file that is there. */
export async function nextSteps(situation: Situation): Promise<NextStep[]> {
  const enter = situation.target === "." ? [] : [{ step: `cd ${situation.target}`, about: "where everything is" }];
  const packages = await packageSteps(situation);
  if (situation.kind === "project") {
    return [
      ...enter,
      ...packages,
      { step: "npm run local", about: "migrations, then the app, on this machine: no Docker, no Azure" },
    ];
  }
  return [
    ...enter,
    ...packages,
    ...(await ignoreSteps(situation)),
    ...(await imageSteps(situation)),
    { step: "infra/settings", about: "say how the API is reached: app.port, app.livenessPath, app.readinessPath" },
    {
      step: "npm run migrate -- create -m 'first change'",
      about: "or bring migrations along: see `schemagate adopt --help`",
    },
  ];
}

async function packageSteps({ files, kept, read }: Situation): Promise<NextStep[]> {
  const install = { step: "npm install", about: "schemagate and what the stacks are made of" };
  if (!kept.includes("package.json")) {
    return [install];
  }
  const wanted = parse(files.find(({ path }) => path === "package.json")?.text);
  const found = parse(await read("package.json"));
  return [...dependencyStep(wanted, found), ...scriptSteps(wanted, found)];
}

function dependencyStep(wanted: Manifest, found: Manifest): NextStep[] {
  const there = { ...found.dependencies, ...found.devDependencies };
  const missing = Object.entries(wanted.devDependencies ?? {}).filter(([name]) => !(name in there));
  if (missing.length === 0) {
    return [];
  }
  const specs = missing.map(([name, version]) => `${name}@${version}`).join(" ");
  return [{ step: `npm install --save-dev --save-exact ${specs}`, about: "package.json stays yours" }];
}

function scriptSteps(wanted: Manifest, found: Manifest): NextStep[] {
  const scripts = Object.entries(wanted.scripts ?? {});
  const isTaken = ([name, command]: [string, string]) => (found.scripts?.[name] ?? command) !== command;
  const free = scripts.filter((script) => !isTaken(script) && found.scripts?.[script[0]] === undefined);
  const set = free.map(([name, command]) => `"scripts.${name}=${command}"`).join(" ");
  const taken = scripts.filter(isTaken).map(([name, command]) => ({
    step: `npx ${command}`,
    about: `instead of \`npm run ${name}\`, which is something else in package.json`,
  }));
  return [
    ...(free.length > 0 ? [{ step: `npm pkg set ${set}`, about: "the commands of the documentation" }] : []),
    ...taken,
  ];
}

async function ignoreSteps({ files, kept, read }: Situation): Promise<NextStep[]> {
  if (!kept.includes(".gitignore")) {
    return [];
  }
  const lines = async (text: string | undefined) => (text ?? "").split("\n").map((line) => line.trim());
  const there = await lines(await read(".gitignore"));
  const wanted = await lines(files.find(({ path }) => path === ".gitignore")?.text);
  const missing = wanted.filter((line) => line !== "" && !there.includes(line));
  return missing.length === 0 ? [] : [{ step: ".gitignore", about: `add the lines ${missing.join(" ")}` }];
}

async function imageSteps({ read }: Situation): Promise<NextStep[]> {
  const dockerfile = await read("Dockerfile");
  if (dockerfile?.includes("/opt/schemagate")) {
    return [];
  }
  const about = "add the lines of migrator/Dockerfile.stage: the migrator goes into the API's image";
  return [{ step: "Dockerfile", about: dockerfile === undefined ? `${about}; write it where there is none` : about }];
}

function parse(text: string | undefined): Manifest {
  try {
    return JSON.parse(text ?? "{}");
  } catch {
    // npm says what is wrong with it as soon as it is asked for anything.
    return {};
  }
}
