import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stackIds } from "../infra/naming";
import { synthesize } from "../local/synth";

/** The generated page. */
export const architectureFile = join(__dirname, "../docs/architecture.md");

/** The environment with everything in it. */
const environment = "prod";

type Json = Record<string, unknown>;

interface Resource {
  readonly stack: string;
  readonly type: string;
  readonly id: string;
  readonly body: Json;
}

/** What a resource of each type is in the picture. What has no box is an arrow, a mark or a line of text. */
const boxes: Readonly<Record<string, (body: Json) => string>> = {
  azurerm_container_app: ({ name }) => `container app<br/>${name}`,
  azurerm_container_app_job: ({ name }) => `job<br/>${name}`,
  azurerm_container_app_environment: ({ name }) => `container environment<br/>${name}`,
  azurerm_container_registry: ({ name }) => `registry<br/>${name}`,
  azurerm_postgresql_flexible_server: ({ name, version }) => `PostgreSQL ${version}<br/>${name}`,
  azurerm_log_analytics_workspace: ({ name }) => `log workspace<br/>${name}`,
  azurerm_user_assigned_identity: ({ name }) => `identity<br/>${name}`,
  azurerm_subnet: ({ name, address_prefixes }) => `subnet ${name}<br/>${(address_prefixes as string[])[0]}`,
  azurerm_private_dns_zone: ({ name }) => `private DNS zone<br/>${name}`,
  azurerm_monitor_scheduled_query_rules_alert_v2: ({ name }) => `alert<br/>${name}`,
  azurerm_monitor_action_group: ({ name }) => `action group<br/>${name}`,
};

/** Arguments that are arrows: from the resource to what they name, with what is written on the arrow. */
const arrows: readonly { readonly type: RegExp; readonly argument: string; readonly label: string }[] = [
  { type: /_container_app(_job)?$/, argument: "container_app_environment_id", label: "runs in" },
  { type: /_container_app(_job)?$/, argument: "identity", label: "as" },
  { type: /_container_app_environment$/, argument: "infrastructure_subnet_id", label: "" },
  { type: /_postgresql_flexible_server$/, argument: "delegated_subnet_id", label: "" },
  { type: /_postgresql_flexible_server$/, argument: "private_dns_zone_id", label: "is found in" },
  { type: /_alert_v2$/, argument: "scopes", label: "asks" },
  { type: /_alert_v2$/, argument: "action", label: "tells" },
];

/** Resources that are arrows between two others: from one argument's to another's. */
const links: readonly {
  readonly type: RegExp;
  readonly from: string;
  readonly to: string;
  readonly label: (body: Json) => string;
}[] = [
  {
    type: /_role_assignment$/,
    from: "principal_id",
    to: "scope",
    label: ({ role_definition_name }) => String(role_definition_name),
  },
  { type: /_directory_administrator$/, from: "object_id", to: "server_name", label: () => "administers" },
  { type: /_diagnostic_setting$/, from: "target_resource_id", to: "log_analytics_workspace_id", label: () => "logs" },
];

/** Types that are said in words below the picture. */
const inWords =
  /_(resource_group|virtual_network|flexible_server_(database|configuration)|virtual_network_link|management_lock)$/;

/** Writes the page from the synthesized stacks. */
export async function architecturePage(): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), "schemagate-architecture-"));
  try {
    await synthesize(environment, outDir);
    const read = (stack: string): Json =>
      JSON.parse(readFileSync(join(outDir, "stacks", stack, "cdk.tf.json"), "utf8"));
    return page(new Map(stackIds.map((stack) => [stack, read(stack)])));
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}

function page(stacks: ReadonlyMap<string, Json>): string {
  const resources = [...stacks].flatMap(([stack, json]) => resourcesOf(stack, json));
  const outputs = (stacks.get("platform")?.output ?? {}) as Record<string, { value: string }>;
  const unknown = resources.filter(({ type }) => !isDrawn(type)).map(({ type }) => type);
  if (unknown.length > 0) {
    throw new Error(`scripts/architecture.ts does not know how to draw ${[...new Set(unknown)].join(", ")}`);
  }
  const locked = resources
    .filter(({ type }) => type.endsWith("_management_lock"))
    .flatMap(({ body }) => targets(body.scope, outputs));
  return `# Architecture

<!-- Written by \`npm run docs:architecture\` from the synthesized stacks of ${environment}; a test fails when it is out of date. -->

Three stacks, cut by how long their resources live: \`platform\` for years, \`jobs\` and \`app\` for a release. This is ${environment};
the other environments have less of it. Locked means that nobody deletes it before somebody removes the lock.

\`\`\`mermaid
flowchart TB
${[...stacks.keys()].map((stack) => subgraph(stack, resources, locked)).join("\n")}
${edges(resources, outputs).join("\n")}
\`\`\`

| stack | resources |
|---|---|
${[...stacks.keys()].map((stack) => `| ${stack} | ${counted(resources.filter((each) => each.stack === stack))} |`).join("\n")}

Everything lies in one resource group. One virtual network holds both subnets and is linked to the DNS zone of the server, which has
no public address. The container app has two containers of one image: the init container \`migrate\` runs as the migrator's
identity, and only when it has ended with 0 the container \`app\` starts, as the app's. The bootstrap job alone runs as the server's
administrator, and makes the roles of the other two.
`;
}

function isDrawn(type: string): boolean {
  return type in boxes || links.some((link) => link.type.test(type)) || inWords.test(type);
}

function resourcesOf(stack: string, json: Json): Resource[] {
  const byType = (json.resource ?? {}) as Record<string, Record<string, Json>>;
  return Object.entries(byType).flatMap(([type, byId]) =>
    Object.entries(byId).map(([id, body]) => ({ stack, type, id, body })),
  );
}

function subgraph(stack: string, resources: readonly Resource[], locked: readonly string[]): string {
  const own = resources.filter((resource) => resource.stack === stack && resource.type in boxes);
  const boxOf = ({ type, id, body }: Resource) => {
    const mark = locked.includes(`${type}.${id}`) ? " (locked)" : "";
    return `    ${node(`${type}.${id}`)}["${boxes[type]?.(body)}${mark}"]`;
  };
  return [`  subgraph ${stack}`, ...own.map(boxOf), "  end"].join("\n");
}

function edges(resources: readonly Resource[], outputs: Record<string, { value: string }>): string[] {
  const edge = (from: string, to: string, label: string) =>
    `  ${node(from)} -->${label === "" ? "" : `|${label}|`} ${node(to)}`;
  const found = resources.flatMap(({ type, id, body }) => {
    const own = arrows
      .filter((arrow) => arrow.type.test(type))
      .flatMap(({ argument, label }) => targets(body[argument], outputs).map((to) => edge(`${type}.${id}`, to, label)));
    const between = links
      .filter((link) => link.type.test(type))
      .flatMap(({ from, to, label }) =>
        targets(body[from], outputs).flatMap((start) =>
          targets(body[to], outputs).map((end) => edge(start, end, label(body))),
        ),
      );
    return [...own, ...between, ...connections(type, body, outputs).map((to) => edge(`${type}.${id}`, to, "5432"))];
  });
  return [...new Set(found)];
}

/** Servers that the containers of a resource connect to. */
function connections(type: string, body: Json, outputs: Record<string, { value: string }>): string[] {
  if (!/_container_app(_job)?$/.test(type)) return [];
  return targets(body.template, outputs).filter((target) => target.startsWith("azurerm_postgresql_flexible_server."));
}

/** Addresses that a value refers to, directly or through an output of the platform; each once. */
function targets(value: unknown, outputs: Record<string, { value: string }>): string[] {
  const text = JSON.stringify(value ?? "");
  const resolved = text.replaceAll(
    /\$\{data\.terraform_remote_state\.[\w-]+\.outputs\.([\w-]+)\}/g,
    (whole, name) => outputs[name]?.value ?? whole,
  );
  return [...new Set([...resolved.matchAll(/\$\{(azurerm_\w+\.[\w-]+)\./g)].map(([, address = ""]) => address))];
}

/** Mermaid's ids take no dots. */
function node(address: string): string {
  return address.replace(/^azurerm_/, "").replaceAll(/\W+/g, "_");
}

function counted(resources: readonly Resource[]): string {
  const counts = new Map<string, number>();
  for (const { type } of resources) {
    const name = type.replace(/^azurerm_/, "");
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => (count === 1 ? name : `${count} ${name}`)).join(", ");
}

// Under jiti, as under node, argv[1] is the script that was asked for; a test imports this file.
if (process.argv[1] === __filename) {
  architecturePage().then((text) => writeFileSync(architectureFile, text));
}
