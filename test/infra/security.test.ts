import { stackIds } from "../../infra/naming";
import { type Json, resourcesOfType, synthesize } from "./support/synthesized";

const environments = ["dev", "staging", "prod"] as const;

const registryId = `\${azurerm_container_registry.registry.id}`;

/** Every resource of every stack, with where it is. */
function allResources(environment: string): { readonly type: string; readonly id: string; readonly resource: Json }[] {
  return Object.values(synthesize(environment)).flatMap(({ json }) =>
    Object.entries(json.resource as Record<string, Record<string, Json>>).flatMap(([type, resources]) =>
      Object.entries(resources).map(([id, resource]) => ({ type, id, resource })),
    ),
  );
}

describe.each(environments)("%s", (environment) => {
  const stacks = synthesize(environment);
  const { platform } = stacks;
  const all = allResources(environment);
  const isProduction = environment === "prod";

  /** Every resource of a type in any stack; fails when there is none. */
  const every = (type: string) => {
    const found = all.filter((each) => each.type === type);
    if (found.length === 0) throw new Error(`no ${type} in ${environment}`);
    return found.map(({ resource }) => resource);
  };

  it("keeps every server private and without passwords", () => {
    for (const server of every("azurerm_postgresql_flexible_server")) {
      expect(server.public_network_access_enabled).toBe(false);
      expect(server.delegated_subnet_id).toBeDefined();
      expect(server.authentication).toMatchObject({
        active_directory_auth_enabled: true,
        password_auth_enabled: false,
      });
      expect(Object.keys(server).filter((key) => key.startsWith("administrator_"))).toEqual([]);
    }
    expect(all.filter(({ type }) => type.endsWith("_firewall_rule"))).toEqual([]);
  });

  it("takes no connection to a server below TLS 1.2", () => {
    const minimum = every("azurerm_postgresql_flexible_server_configuration").filter(
      ({ name }) => name === "ssl_min_protocol_version",
    );
    expect(minimum).toHaveLength(every("azurerm_postgresql_flexible_server").length);
    for (const { value } of minimum) expect(["TLSv1.2", "TLSv1.3"]).toContain(value);
    for (const { resource } of all.filter(({ type }) => /^azurerm_container_app(_job)?$/.test(type))) {
      for (const container of [...(resource.template.init_container ?? []), ...resource.template.container]) {
        const entra = container.env.some(({ name }: Json) => name === "DATABASE_AUTH");
        expect([container.name, entra]).toEqual([container.name, true]);
        expect(container.env).toContainEqual({ name: "PGSSLMODE", value: "verify-full" });
      }
    }
  });

  it("keeps the admin user of every registry off, and asks everyone who they are", () => {
    for (const registry of every("azurerm_container_registry")) {
      expect(registry).toMatchObject({ admin_enabled: false, anonymous_pull_enabled: false });
    }
  });

  it("makes the key of every log workspace, which stands in the state, worth nothing", () => {
    for (const workspace of every("azurerm_log_analytics_workspace")) {
      expect(workspace.local_authentication_enabled).toBe(false);
    }
    for (const containers of every("azurerm_container_app_environment")) {
      expect(containers.logs_destination).toBe("azure-monitor");
      expect(containers).not.toHaveProperty("log_analytics_workspace_id");
    }
  });

  it.each(stackIds)("puts no secret into an output of %s", (stack) => {
    const outputs = Object.entries(stacks[stack].json.output as Record<string, Json>);
    expect(outputs.length).toBeGreaterThan(0);
    for (const [name, { value }] of outputs) {
      expect(`${name} ${value}`).not.toMatch(/password|secret|[._]key|connection_string|sas|token|instrumentation/i);
    }
  });

  it.each(stackIds)("puts no secret into an argument of %s", (stack) => {
    expect(stacks[stack].text).not.toMatch(/password"|client_secret|access_key|sas_token|"secret"/);
  });

  it("takes requests over HTTPS only", () => {
    for (const { ingress } of every("azurerm_container_app")) {
      expect(ingress.allow_insecure_connections).toBe(false);
    }
  });

  it("runs nothing with an identity of the system's, and nothing as the administrator but the bootstrap job", () => {
    const administrator = onlyAdministrator(platform.json);
    const runsAsAdministrator = all.filter(({ type, resource }) => {
      if (!/^azurerm_container_app(_job)?$/.test(type)) return false;
      expect(resource.identity.type).toBe("UserAssigned");
      return JSON.stringify(resource.identity).includes(administrator);
    });
    expect(runsAsAdministrator.map(({ resource }) => resource.name)).toEqual(["caj-schemagate-bootstrap"]);
  });

  it("gives each identity one right, to pull from the registry, and nobody a wider one", () => {
    const assignments = every("azurerm_role_assignment");
    for (const assignment of assignments) {
      expect(assignment.role_definition_name).toBe("AcrPull");
      expect(assignment.scope).toBe(registryId);
      expect(assignment.principal_type).toBe("ServicePrincipal");
    }
    const principals = assignments.map(({ principal_id }) => principal_id);
    expect(new Set(principals).size).toBe(principals.length);
    expect(principals).toHaveLength(every("azurerm_user_assigned_identity").length);
  });

  it("sends the logs of server, registry and environment to the workspace", () => {
    const targets = every("azurerm_monitor_diagnostic_setting").map(({ target_resource_id }) => target_resource_id);
    for (const type of [
      "azurerm_postgresql_flexible_server",
      "azurerm_container_registry",
      "azurerm_container_app_environment",
    ]) {
      for (const [id] of resourcesOfType(platform.json, type)) {
        expect(targets).toContain(`\${${type}.${id}.id}`);
      }
    }
    for (const { enabled_log, log_analytics_workspace_id } of every("azurerm_monitor_diagnostic_setting")) {
      expect(enabled_log.length).toBeGreaterThan(0);
      expect(log_analytics_workspace_id).toMatch(/log-workspace/);
    }
  });

  it("keeps backups for at least a week, in production for five and in another region", () => {
    for (const server of every("azurerm_postgresql_flexible_server")) {
      expect(server.backup_retention_days).toBeGreaterThanOrEqual(isProduction ? 35 : 7);
      expect(server.geo_redundant_backup_enabled).toBe(isProduction);
    }
  });

  it("INV-15: is protected from Terraform where losing it hurts, in production only", () => {
    for (const type of [
      "azurerm_resource_group",
      "azurerm_container_registry",
      "azurerm_container_app_environment",
      "azurerm_postgresql_flexible_server",
      "azurerm_postgresql_flexible_server_database",
    ]) {
      for (const { lifecycle } of every(type)) expect(lifecycle.prevent_destroy).toBe(isProduction);
    }
  });

  it("is locked against everybody where losing it hurts, in production only", () => {
    const locks = all.filter(({ type }) => type === "azurerm_management_lock").map(({ resource }) => resource);
    const scopes = locks.map(({ scope }) => scope).sort();
    expect(scopes).toEqual(
      isProduction
        ? [registryId, expect.stringMatching(/^\$\{azurerm_postgresql_flexible_server\.postgres_server_\w+\.id\}$/)]
        : [],
    );
    for (const { lock_level, depends_on } of locks) {
      expect(lock_level).toBe("CanNotDelete");
      // What lies below would otherwise be deleted while the lock still holds.
      expect(depends_on.length).toBeGreaterThan(0);
    }
  });

  it("tells somebody when production's gate holds", () => {
    const rules = all.filter(({ type }) => type === "azurerm_monitor_scheduled_query_rules_alert_v2");
    expect(rules).toHaveLength(isProduction ? 2 : 0);
    for (const { resource } of rules) expect(resource.action.action_groups).toHaveLength(1);
  });

  it("carries its tags everywhere a tag can be", () => {
    const untaggable =
      /subnet|role_assignment|_active_directory_administrator|flexible_server_(database|configuration)$|diagnostic_setting|management_lock/;
    for (const { type, id, resource } of all.filter(({ type }) => !untaggable.test(type))) {
      expect([type, id, resource.tags]).toEqual([
        type,
        id,
        { project: "schemagate", environment, "managed-by": "cdktf" },
      ]);
    }
  });
});

function onlyAdministrator(platform: Json): string {
  const [administrator] = resourcesOfType(
    platform,
    "azurerm_postgresql_flexible_server_active_directory_administrator",
  );
  const id = /azurerm_user_assigned_identity\.([^.]+)\.principal_id/.exec(administrator?.[1].object_id)?.[1];
  expect(id).toMatch(/^database-admin-identity/);
  return id ?? "";
}
