import { MigratedContainerApp } from "../../../infra/constructs/migrated-container-app";
import type { MigratedContainerAppProps } from "../../../infra/constructs/migrated-container-app-props";
import {
  byDatabaseUrl,
  creatingApp as creating,
  leastProps,
  secretVariablesOf,
  synthesizeApp,
  variablesOf,
} from "../support/app-props";
import { type Json, synthesizeStack } from "../support/synthesized";

const namesOf = (containers: Json[]): string[] => containers.map(({ name }) => name);

describe("further containers", () => {
  const proxy = { name: "proxy", image: "shop.example/proxy:2.1.0", cpu: 0.25 };
  const fetch = { name: "fetch", image: "shop.example/fetch:1.0.0", cpu: 0.25 };

  it("run beside the app", () => {
    const { template } = synthesizeApp({ additionalContainers: [proxy] });
    expect(namesOf(template.container)).toEqual(["app", "proxy"]);
    expect(template.container[1]).toMatchObject({ image: "shop.example/proxy:2.1.0", cpu: 0.25, memory: "0.5Gi" });
    expect(template.container[1]).not.toHaveProperty("startup_probe");
  });

  it("run after the migrator, or before it when they say so", () => {
    const { template } = synthesizeApp({
      additionalInitContainers: [fetch, { ...fetch, name: "wait", beforeMigrator: true }],
    });
    expect(namesOf(template.init_container)).toEqual(["wait", "migrate", "fetch"]);
  });

  it("count into the size of a replica", () => {
    expect(creating({ cpu: 3.75, additionalContainers: [{ ...proxy, cpu: 0.5 }] })).toThrow(
      "test/app: the app's containers ask for 4.25 vCPU: the Consumption profile offers 0.25 to 4 in steps of 0.25",
    );
    expect(creating({ cpu: 0.25, migrateCpu: 0.5, additionalContainers: [proxy] })).not.toThrow();
  });

  it("fails when an init container asks for more than the app's together", () => {
    expect(creating({ additionalInitContainers: [{ ...fetch, cpu: 0.75 }] })).toThrow(
      "test/app: 'fetch.cpu' (0.75) is more than the app's containers ask for together (0.5): the service refuses such a " +
        "revision. Lower 'fetch.cpu' or raise 'cpu'",
    );
    expect(creating({ additionalInitContainers: [{ ...fetch, memory: "2Gi" }] })).toThrow(
      "test/app: 'fetch.memory' (2Gi) is more than the app's containers ask for together (1Gi)",
    );
  });

  it("fails when a container beside the app has the name of an init container", () => {
    expect(
      creating({ additionalContainers: [proxy], additionalInitContainers: [{ ...fetch, name: "proxy" }] }),
    ).toThrow("test/app: a further container is named 'proxy', and so is another one");
  });

  it("fails when their image is mutable", () => {
    expect(creating({ additionalContainers: [{ ...proxy, image: "proxy" }] })).toThrow(
      "test/app/proxy: 'image' (proxy) has no tag",
    );
    expect(creating({ allowMutableTag: true, additionalContainers: [{ ...proxy, image: "proxy" }] })).not.toThrow();
  });
});

describe("secrets", () => {
  const smtp = { name: "smtp", keyVaultSecretId: "https://kv-shop.vault.azure.net/secrets/smtp" };
  const proxy = { name: "proxy", image: "shop.example/proxy:2.1.0", cpu: 0.25 };

  it("become variables of the containers that name them", () => {
    const app = synthesizeApp({
      secrets: [smtp],
      secretEnvironmentVariables: { SMTP_PASSWORD: "smtp" },
      migrateSecretEnvironmentVariables: { SEED_PASSWORD: "smtp" },
      additionalContainers: [{ ...proxy, secretEnvironmentVariables: { PROXY_PASSWORD: "smtp" } }],
    });
    expect(app.secret).toEqual([{ name: "smtp", key_vault_secret_id: smtp.keyVaultSecretId, identity: "identity-id" }]);
    const [main, beside] = app.template.container;
    expect(secretVariablesOf(main)).toEqual({ SMTP_PASSWORD: "smtp" });
    expect(secretVariablesOf(beside)).toEqual({ PROXY_PASSWORD: "smtp" });
    expect(secretVariablesOf(app.template.init_container[0])).toEqual({ SEED_PASSWORD: "smtp" });
  });

  it("are none unless asked", () => {
    expect(synthesizeApp()).not.toHaveProperty("secret");
  });

  it.each<[string, Partial<MigratedContainerAppProps>]>([
    ["secretEnvironmentVariables", { secretEnvironmentVariables: { PASSWORD: "other" } }],
    ["migrateSecretEnvironmentVariables", { migrateSecretEnvironmentVariables: { PASSWORD: "other" } }],
    ["proxy", { additionalContainers: [{ ...proxy, secretEnvironmentVariables: { PASSWORD: "other" } }] }],
    ["proxy", { additionalInitContainers: [{ ...proxy, secretEnvironmentVariables: { PASSWORD: "other" } }] }],
  ])("fails when %s takes a variable from one that is not there", (prop, props) => {
    expect(creating({ secrets: [smtp], ...props })).toThrow(
      `test/app: '${prop}' takes PASSWORD from a secret (not shown: it may be the value) that is not among 'secrets' (smtp). Add it there or ` +
        "correct the name",
    );
  });

  it("fails when one takes the name of the construct's own", () => {
    expect(creating({ ...byDatabaseUrl, secrets: [{ ...smtp, name: "database-url" }] })).toThrow(
      "test/app: two secrets are named 'database-url': one would win. Rename one",
    );
  });
});

describe("volumes", () => {
  const volumes = [
    { name: "uploads", storageType: "AzureFile", storageName: "share", mountOptions: "uid=1000" },
  ] as const;
  const at = (path: string) => [{ name: "uploads", path }];

  it("are seen by the containers that mount them", () => {
    const { template } = synthesizeApp({
      volumes,
      volumeMounts: [{ name: "uploads", path: "/uploads", subPath: "app" }],
      migrateVolumeMounts: at("/seed"),
    });
    expect(template.volume).toEqual([
      { name: "uploads", storage_type: "AzureFile", storage_name: "share", mount_options: "uid=1000" },
    ]);
    expect(template.container[0].volume_mounts).toEqual([{ name: "uploads", path: "/uploads", sub_path: "app" }]);
    expect(template.init_container[0].volume_mounts).toEqual([{ name: "uploads", path: "/seed" }]);
  });

  it("are none unless asked", () => {
    const { template } = synthesizeApp();
    expect(template).not.toHaveProperty("volume");
    expect(template.container[0]).not.toHaveProperty("volume_mounts");
    expect(template.init_container[0]).not.toHaveProperty("volume_mounts");
  });

  const other = { name: "other", image: "shop.example/other:1.0.0", cpu: 0.25, volumeMounts: at("/data") };

  it.each<[string, Partial<MigratedContainerAppProps>]>([
    ["the app", { volumeMounts: at("/data") }],
    ["the migrator", { migrateVolumeMounts: at("/data") }],
    ["a further container", { additionalContainers: [other] }],
    ["a further init container", { additionalInitContainers: [other] }],
  ])("fails when %s mounts one that is not there", (_, props) => {
    expect(creating(props)).toThrow(
      "test/app: /data mounts the volume 'uploads', which is not among 'volumes' (none). Add it there or correct the name",
    );
  });
});

describe("requests", () => {
  it("can be left to others: an app that works off a queue has no ports and no probes", () => {
    const app = synthesizeApp({ ingress: false });
    const [container] = app.template.container;
    expect(app).not.toHaveProperty("ingress");
    expect(app.template).not.toHaveProperty("http_scale_rule");
    expect(container).not.toHaveProperty("startup_probe");
    expect(container).not.toHaveProperty("liveness_probe");
    expect(container).not.toHaveProperty("readiness_probe");
    expect(Object.keys(variablesOf(container))).not.toEqual(expect.arrayContaining(["PORT"]));
    expect(Object.keys(variablesOf(container))).not.toEqual(expect.arrayContaining(["HOST"]));
    synthesizeStack((scope) => {
      expect(new MigratedContainerApp(scope, "app", { ...leastProps, ingress: false }).fqdn).toBe("");
    });
  });

  it("fails when no request reaches the app and props say how to take them", () => {
    expect(creating({ ingress: false, externalIngress: true, targetPort: 9000 })).toThrow(
      "test/app: 'ingress' (false) goes without requests, and 'externalIngress', 'targetPort' say how to take them. " +
        "Remove one or the other",
    );
  });

  it.each([{ readinessPath: "/ready" }, { startupSeconds: 5 }, { concurrentRequestsPerReplica: 5 }])(
    "fails when no request reaches the app and %j would be passed over in silence",
    (props) => {
      const [prop] = Object.keys(props);
      expect(creating({ ingress: false, ...props })).toThrow(
        `test/app: 'ingress' (false) goes without requests, and '${prop}' say how to take them. Remove one or the other`,
      );
    },
  );

  it("come from addresses and sites that are named", () => {
    const { ingress } = synthesizeApp({
      allowedAddresses: [{ name: "office", range: "203.0.113.0/24" }],
      cors: { allowedOrigins: ["https://shop.example"] },
    });
    expect(ingress.ip_security_restriction).toEqual([
      { name: "office", ip_address_range: "203.0.113.0/24", action: "Allow" },
    ]);
    expect(ingress.cors).toEqual({ allowed_origins: ["https://shop.example"], allow_credentials_enabled: false });
  });

  it("are kept from addresses that are named", () => {
    const deniedAddresses = [{ name: "crawler", range: "198.51.100.7/32" }];
    expect(synthesizeApp({ deniedAddresses }).ingress.ip_security_restriction).toEqual([
      { name: "crawler", ip_address_range: "198.51.100.7/32", action: "Deny" },
    ]);
  });

  it("reach revisions by a name of their own only when it is given: a fixed one never settles", () => {
    expect(synthesizeApp().template).not.toHaveProperty("revision_suffix");
    const named = synthesizeApp({ revisionMode: "Multiple", revisionSuffix: "v2" });
    expect(named.template.revision_suffix).toBe("v2");
  });

  it("are shared between revisions in Multiple mode", () => {
    const trafficWeights = [
      { percentage: 90, revisionSuffix: "abc123" },
      { percentage: 10, label: "next" },
    ];
    const app = synthesizeApp({ revisionMode: "Multiple", trafficWeights });
    expect(app.revision_mode).toBe("Multiple");
    expect(app.ingress.traffic_weight).toEqual([
      { percentage: 90, revision_suffix: "abc123", latest_revision: false },
      { percentage: 10, label: "next", latest_revision: true },
    ]);
  });

  it("fails when they contradict each other", () => {
    expect(creating({ trafficWeights: [{ percentage: 100 }] })).toThrow(
      "test/app: 'trafficWeights' needs 'revisionMode' Multiple",
    );
    expect(creating({ cors: { allowedOrigins: ["*"], allowCredentials: true } })).toThrow(
      "test/app: 'cors' allows credentials to every origin (*)",
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

  it("takes arguments", () => {
    expect(synthesizeApp().template.container[0]).not.toHaveProperty("args");
    expect(synthesizeApp({ args: ["--verbose"] }).template.container[0].args).toEqual(["--verbose"]);
  });

  it("has time to start, to stop and to be gone back to as told", () => {
    const app = synthesizeApp({ startupSeconds: 600, terminationGraceSeconds: 120, maxInactiveRevisions: 3 });
    expect(app.template.container[0].startup_probe).toMatchObject([
      { interval_seconds: 20, failure_count_threshold: 30 },
    ]);
    expect(app.template.termination_grace_period_seconds).toBe(120);
    expect(app.max_inactive_revisions).toBe(3);
  });

  it("is a new revision of the same image with another redeployToken", () => {
    const tokenOf = (redeployToken?: string) =>
      variablesOf(synthesizeApp({ redeployToken }).template.container[0]).SCHEMAGATE_REDEPLOY;
    expect(tokenOf()).toBeUndefined();
    expect(tokenOf("2")).toBe("2");
  });

  it("is tagged when asked", () => {
    expect(synthesizeApp({ tags: { owner: "platform" } }).tags).toEqual({ owner: "platform" });
  });

  it("scales on other things too", () => {
    const { template } = synthesizeApp({
      secrets: [{ name: "bus", keyVaultSecretId: "https://kv-shop.vault.azure.net/secrets/bus" }],
      customScaleRules: [
        {
          name: "orders",
          type: "azure-servicebus",
          metadata: { queueName: "orders" },
          secrets: { connection: "bus" },
        },
      ],
    });
    expect(template.http_scale_rule).toHaveLength(1);
    expect(template.custom_scale_rule).toEqual([
      {
        name: "orders",
        custom_rule_type: "azure-servicebus",
        metadata: { queueName: "orders" },
        authentication: [{ secret_name: "bus", trigger_parameter: "connection" }],
      },
    ]);
    expect(synthesizeApp().template).not.toHaveProperty("custom_scale_rule");
  });

  it("fails when a scale rule takes the name of the one that counts requests", () => {
    expect(creating({ customScaleRules: [{ name: "http", type: "cron", metadata: {} }] })).toThrow(
      "test/app: two scale rules are named 'http' ('http' is taken): one would win. Rename one",
    );
  });

  it("fails when it may take no time to start", () => {
    expect(creating({ startupSeconds: 0 })).toThrow(
      "test/app: 'startupSeconds' (0) must be a whole number from 1 to 7200",
    );
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
        `test/app: '${prop}' sets PGHOST, which the construct sets already: one value would silently win. Remove it ` +
          "there and use the prop that stands for it",
      );
    },
  );

  it("pulls from the registry as its identity", () => {
    expect(synthesizeApp()).not.toHaveProperty("registry");
    expect(synthesizeApp({ registryServer: "shop.example" }).registry).toEqual([
      { server: "shop.example", identity: "identity-id" },
    ]);
    const registries = [{ server: "one.example" }, { server: "two.example", identityId: "puller-id" }];
    expect(synthesizeApp({ registryServer: "shop.example", registries }).registry).toEqual([
      { server: "shop.example", identity: "identity-id" },
      { server: "one.example", identity: "identity-id" },
      { server: "two.example", identity: "puller-id" },
    ]);
  });
});
