import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/**
 * What `schemagate init` writes, as the package holds it: templates/, and what this project uses itself. Versions are this
 * project's; what a project of its own decides stays a {{word}}, which `init` replaces.
 *
 * @returns contents by path below dist/templates.
 */
export function templateFiles(root) {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const versions = { ...manifest.devDependencies, ...manifest.dependencies };
  const fill = (text) =>
    text
      .replaceAll("{{version}}", manifest.version)
      .replace(/\{\{version:([^}]+)\}\}/g, (_, name) => requireVersion(versions, name));
  const own = filesBelow(join(root, "templates")).map((file) => [
    relative(join(root, "templates"), file).replaceAll("\\", "/"),
    fill(readFileSync(file, "utf8")),
  ]);
  return Object.fromEntries([...own, ...settingsOf(root), ...releaseOf(root)]);
}

/** @returns paths of the files and directories that they are made of, beside package.json */
export function templateSources(root) {
  const directories = [join(root, "templates"), join(root, "infra", "settings")];
  return [...directories.flatMap(entriesBelow).map(pathOf), join(root, ".github", "workflows", "release.yml")];
}

function filesBelow(directory) {
  return entriesBelow(directory)
    .filter((entry) => entry.isFile())
    .map(pathOf);
}

const entriesBelow = (directory) => readdirSync(directory, { recursive: true, withFileTypes: true });

const pathOf = (entry) => join(entry.parentPath ?? entry.path, entry.name);

function requireVersion(versions, name) {
  if (versions[name] === undefined) {
    throw new Error(`templates: ${name} (no version): package.json does not have it. Add it there, or take it out`);
  }
  return versions[name];
}

/** The environments of this project, with its own names taken out. */
function settingsOf(root) {
  const directory = join(root, "infra", "settings");
  return readdirSync(directory).map((name) => [
    `common/infra/settings/${name}`,
    replaceEach(readFileSync(join(directory, name), "utf8"), [
      [/"\.\.\/environment-settings"/, '"schemagate/stacks"'],
      [/project: "schemagate"/, 'project: "{{name}}"'],
      [/databaseName: "schemagate"/, 'databaseName: "{{database}}"'],
      [/repository: "schemagate"/, 'repository: "{{name}}"'],
      [/ {4}command: \["node", "dist\/app\.js"\],\n/, "{{appCommand}}"],
      [/migrator: { cpu/, "migrator: { command: {{migratorCommand}}, cpu"],
      [/@shop\.example/, "@{{name}}.example", "optional"],
      [/rg-schemagate-state/, "rg-{{name}}-state", "optional"],
      [/stschemagatestate/, "st{{account}}state", "optional"],
    ]),
  ]);
}

/** A release is the same for everyone: scripts have the same names, and the image has a Dockerfile. */
function releaseOf(root) {
  return [
    ["common/.github/workflows/release.yml", readFileSync(join(root, ".github", "workflows", "release.yml"), "utf8")],
  ];
}

function replaceEach(text, replacements) {
  return replacements.reduce((result, [from, to, optional]) => {
    if (!optional && result.search(from) < 0) {
      throw new Error(`templates: ${from} is not in infra/settings any more. Follow it in scripts/build/templates.mjs`);
    }
    return result.replace(from, to);
  }, text);
}
