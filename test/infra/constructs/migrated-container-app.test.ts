import { ResourceGroup } from "@cdktf/provider-azurerm/lib/resource-group";
import { TerraformOutput, TerraformStack, Testing } from "cdktf";
import { MigratedContainerApp } from "../../../infra/constructs/migrated-container-app";
import type { MigratedContainerAppProps } from "../../../infra/constructs/migrated-container-app-props";
import { leastProps, synthesizeApp, variablesOf } from "../support/app-props";
import { constructing, onlyResource, synthesizeStack } from "../support/synthesized";

const creating = (props: Partial<MigratedContainerAppProps>) =>
  constructing((scope) => new MigratedContainerApp(scope, "app", { ...leastProps, ...props }));

describe("the gate", () => {
  it("runs the migrator first, from the app's image", () => {
    const { template } = synthesizeApp();
    expect(template.init_container).toHaveLength(1);
    expect(template.init_container[0]).toMatchObject({ name: "migrate", command: ["node", "dist/cli.js", "up"] });
    expect(template.container).toHaveLength(1);
    expect(template.container[0].name).toBe("app");
    expect(template.init_container[0].image).toBe(template.container[0].image);
    expect(template.container[0].image).toBe("shop.example/shop:1.4.0");
  });

  it("gives app and migrator the same way to the database, as the same identity", () => {
    const app = synthesizeApp();
    const database = {
      PGHOST: "psql.example",
      PGPORT: "5432",
      PGDATABASE: "shop",
      PGUSER: "id-shop-dev-app",
      PGSSLMODE: "verify-full",
      DATABASE_AUTH: "entra",
      AZURE_CLIENT_ID: "identity-client-id",
    };
    expect(variablesOf(app.template.init_container[0])).toEqual(database);
    expect(variablesOf(app.template.container[0])).toEqual({
      ...database,
      HOST: "0.0.0.0",
      PORT: "8080",
      WEB_CONCURRENCY: "1",
    });
    expect(app.identity).toEqual({ type: "UserAssigned", identity_ids: ["identity-id"] });
  });

  it("always states the migrator's cpu and memory", () => {
    expect(synthesizeApp().template.init_container[0]).toMatchObject({ cpu: 0.25, memory: "0.5Gi" });
    expect(synthesizeApp({ migrateCpu: 0.5, migrateMemory: "0.75Gi" }).template.init_container[0]).toMatchObject({
      cpu: 0.5,
      memory: "0.75Gi",
    });
  });

  it("passes the migrator's options only when they are given", () => {
    const [container] = synthesizeApp({ lockWaitSeconds: 900, connectTimeoutSeconds: 60 }).template.init_container;
    expect(variablesOf(container)).toMatchObject({ SCHEMAGATE_LOCK_WAIT: "900", SCHEMAGATE_CONNECT_TIMEOUT: "60" });
  });

  it("takes another command and further variables for the migrator", () => {
    const [container] = synthesizeApp({
      migrateCommand: ["node", "dist/cli.js", "up", "--ahead", "refuse"],
      migrateEnvironmentVariables: { NO_COLOR: "1" },
    }).template.init_container;
    expect(container.command).toEqual(["node", "dist/cli.js", "up", "--ahead", "refuse"]);
    expect(variablesOf(container)).toMatchObject({ NO_COLOR: "1", PGHOST: "psql.example" });
  });

  it("fails when the migrator's command is empty, which would start the app in its place", () => {
    expect(creating({ migrateCommand: [] })).toThrow(
      "test/app: 'migrateCommand' (empty) would run what the image (shop.example/shop:1.4.0) starts by itself instead " +
        "of the migrator. Name the migrator's command or leave it out",
    );
  });

  it.each(["lockWaitSeconds", "connectTimeoutSeconds"] as const)(
    "fails when %s is no whole number above zero",
    (prop) => {
      for (const seconds of [0, -1, 1.5]) {
        expect(creating({ [prop]: seconds })).toThrow(
          `test/app: '${prop}' (${seconds}) must be a whole number of seconds above zero: the migrator takes nothing else. ` +
            "Write for instance 600",
        );
      }
    },
  );
});

describe("the image", () => {
  it("fails when it has no tag", () => {
    expect(creating({ image: "shop.example/shop" })).toThrow(
      "test/app: 'image' (shop.example/shop) has no tag: the same reference can name other code, with other migrations, " +
        "tomorrow. Name a version or a digest (repository@sha256:…), or set 'allowMutableTag' to true",
    );
  });

  it("fails when its tag is latest", () => {
    expect(creating({ image: "shop.example/shop:latest" })).toThrow(
      "test/app: 'image' (shop.example/shop:latest) has the mutable tag 'latest'",
    );
  });

  it("may be mutable for those who say so", () => {
    const { template } = synthesizeApp({ image: "shop.example/shop:latest", allowMutableTag: true });
    expect(template.init_container[0].image).toBe("shop.example/shop:latest");
    expect(template.container[0].image).toBe("shop.example/shop:latest");
  });
});

describe("the environment", () => {
  const consumption = { name: "Consumption", type: "Consumption" };
  const dedicated = { name: "big", type: "D4" };

  it("runs the app on its Consumption profile and says so", () => {
    expect(synthesizeApp().workload_profile_name).toBe("Consumption");
    const environment = { id: "environment-id", workloadProfiles: [dedicated, consumption] };
    expect(synthesizeApp({ environment }).workload_profile_name).toBe("Consumption");
  });

  it("fails when it has no workload profile at all", () => {
    expect(creating({ environment: { id: "environment-id", workloadProfiles: [] } })).toThrow(
      "test/app: 'environment' has no Consumption workload profile (its profiles: none): managed identities answer in " +
        "init containers only on a Consumption workload profile. Create an environment with one, for instance with " +
        "ContainerEnvironment; it cannot be added later",
    );
  });

  it("fails when it has Dedicated profiles only", () => {
    expect(creating({ environment: { id: "environment-id", workloadProfiles: [dedicated] } })).toThrow(
      "test/app: 'environment' has no Consumption workload profile (its profiles: big (D4))",
    );
  });

  it("fails when the chosen profile is a Dedicated one", () => {
    const environment = { id: "environment-id", workloadProfiles: [consumption, dedicated] };
    expect(creating({ environment, workloadProfileName: "big" })).toThrow(
      "test/app: 'workloadProfileName' (big) is of type D4 (its profiles: Consumption (Consumption), big (D4)): managed " +
        "identities answer in init containers only on a Consumption workload profile. Choose 'Consumption' or leave it out",
    );
  });

  it("fails when the chosen profile does not exist", () => {
    expect(creating({ workloadProfileName: "small" })).toThrow(
      "test/app: 'workloadProfileName' (small) is none of the environment's (its profiles: Consumption (Consumption))",
    );
  });
});

describe("the app", () => {
  it("is probed for start, life and readiness", () => {
    const [container] = synthesizeApp().template.container;
    expect(container.startup_probe).toMatchObject([{ path: "/health/live", port: 8080, failure_count_threshold: 30 }]);
    expect(container.liveness_probe).toMatchObject([{ path: "/health/live", port: 8080 }]);
    expect(container.readiness_probe).toMatchObject([{ path: "/health/ready", port: 8080 }]);
  });

  it("moves port, probes and paths together", () => {
    const app = synthesizeApp({ targetPort: 9000, livenessPath: "/alive", readinessPath: "/ready" });
    const [container] = app.template.container;
    expect(app.ingress.target_port).toBe(9000);
    expect(variablesOf(container).PORT).toBe("9000");
    expect(container.startup_probe).toMatchObject([{ path: "/alive", port: 9000 }]);
    expect(container.liveness_probe).toMatchObject([{ path: "/alive", port: 9000 }]);
    expect(container.readiness_probe).toMatchObject([{ path: "/ready", port: 9000 }]);
  });

  it("is reachable from inside only, over HTTPS only, with all traffic on the newest revision", () => {
    expect(synthesizeApp().ingress).toMatchObject({
      external_enabled: false,
      allow_insecure_connections: false,
      traffic_weight: [{ latest_revision: true, percentage: 100 }],
    });
    expect(synthesizeApp({ externalIngress: true }).ingress.external_enabled).toBe(true);
  });

  it("states what azurerm would otherwise never settle on", () => {
    const app = synthesizeApp();
    expect(app.max_inactive_revisions).toBe(10);
    expect(app.revision_mode).toBe("Single");
    expect(app.template.termination_grace_period_seconds).toBe(30);
    expect(app.template).not.toHaveProperty("revision_suffix");
  });

  it("scales on requests, from zero", () => {
    expect(synthesizeApp().template).toMatchObject({
      min_replicas: 0,
      max_replicas: 10,
      http_scale_rule: [{ name: "http", concurrent_requests: "50" }],
    });
    const scaled = synthesizeApp({ minReplicas: 2, maxReplicas: 4, concurrentRequestsPerReplica: 5 }).template;
    expect(scaled).toMatchObject({ min_replicas: 2, max_replicas: 4, http_scale_rule: [{ concurrent_requests: "5" }] });
  });

  it("fails when it may have fewer replicas than it must", () => {
    expect(creating({ minReplicas: 5, maxReplicas: 3 })).toThrow(
      "test/app: 'minReplicas' (5) must not be more than 'maxReplicas' (3). Lower the first or raise the second",
    );
    expect(creating({ minReplicas: 11 })).toThrow("'minReplicas' (11) must not be more than 'maxReplicas' (10)");
  });

  it("has twice as much memory as cpu unless told otherwise", () => {
    expect(synthesizeApp().template.container[0]).toMatchObject({ cpu: 0.5, memory: "1Gi" });
    expect(synthesizeApp({ cpu: 1.75 }).template.container[0]).toMatchObject({ cpu: 1.75, memory: "3.5Gi" });
  });

  it("fails when cpu and memory are no pair that the Consumption profile offers", () => {
    expect(creating({ cpu: 0.5, memory: "2Gi" })).toThrow(
      "test/app: the app's containers ask for 0.5 vCPU and 2Gi: with 0.5 vCPU the Consumption profile offers 1Gi only. " +
        "Set 'memory' to 1Gi or leave it out",
    );
  });

  it("fails when the migrator asks for more than the app", () => {
    expect(creating({ cpu: 0.25, migrateCpu: 0.5 })).toThrow(
      "test/app: 'migrateCpu' (0.5) is more than the app's containers ask for together (0.25)",
    );
  });

  it("runs the image's own command unless told otherwise", () => {
    expect(synthesizeApp().template.container[0]).not.toHaveProperty("command");
    expect(synthesizeApp({ command: ["node", "main.js"] }).template.container[0].command).toEqual(["node", "main.js"]);
  });

  it("gets further variables beside its own", () => {
    const app = synthesizeApp({ workers: 4, environmentVariables: { LOG_LEVEL: "debug" } });
    expect(variablesOf(app.template.container[0])).toMatchObject({ WEB_CONCURRENCY: "4", LOG_LEVEL: "debug" });
    expect(variablesOf(app.template.init_container[0])).not.toHaveProperty("LOG_LEVEL");
  });

  it.each(["environmentVariables", "migrateEnvironmentVariables"] as const)(
    "fails when %s set what the construct sets itself",
    (prop) => {
      expect(creating({ [prop]: { PGHOST: "elsewhere.example" } })).toThrow(
        `test/app: '${prop}' sets PGHOST, which MigratedContainerApp sets already: one value would silently win. Remove it ` +
          "there and use the prop that stands for it",
      );
    },
  );

  it("pulls from the registry as its identity", () => {
    expect(synthesizeApp()).not.toHaveProperty("registry");
    expect(synthesizeApp({ registryServer: "shop.example" }).registry).toEqual([
      { server: "shop.example", identity: "identity-id" },
    ]);
  });
});

describe("the order of deployment", () => {
  it("depends on resources of its own stack", () => {
    const stack = synthesizeStack((scope) => {
      const group = new ResourceGroup(scope, "group", { name: "rg", location: "westeurope" });
      new MigratedContainerApp(scope, "app", { ...leastProps, deployAfter: [group] });
    });
    expect(onlyResource(stack, "azurerm_container_app").depends_on).toEqual(["azurerm_resource_group.group"]);
  });

  it("puts another stack first when its resources must exist", () => {
    const app = Testing.app();
    const first = new TerraformStack(app, "first");
    const group = new ResourceGroup(first, "group", { name: "rg", location: "westeurope" });
    const second = new TerraformStack(app, "second");
    const { resource } = new MigratedContainerApp(second, "app", { ...leastProps, deployAfter: [group] });
    expect(second.dependsOn(first)).toBe(true);
    expect(resource.dependsOn).toBeUndefined();
  });
});

it("tells a stack where the app answers", () => {
  const stack = synthesizeStack((scope) => {
    const app = new MigratedContainerApp(scope, "app", leastProps);
    new TerraformOutput(scope, "host", { value: app.fqdn });
  });
  expect(stack.output.host.value).toMatch(/^\$\{azurerm_container_app\..*\.ingress\[0\]\.fqdn\}$/);
});
