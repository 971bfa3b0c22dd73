import { ImageRegistry } from "../../../infra/constructs/image-registry";
import { MigratedContainerApp } from "../../../infra/constructs/migrated-container-app";
import { MigrationJob } from "../../../infra/constructs/migration-job";
import {
  appIdentity,
  creatingApp as creating,
  leastJobProps,
  leastProps,
  synthesizeApp,
  unknownText,
} from "../support/app-props";
import { constructing, onlyResource, synthesizeStack } from "../support/synthesized";

const shop = "cr.azurecr.io/shop:1.4.0";
const sidecar = { name: "proxy", cpu: 0.25 };

describe("an image of a private registry", () => {
  it("is pulled as the identity that signs in there", () => {
    expect(synthesizeApp({ image: shop, registryServer: "cr.azurecr.io" }).registry).toEqual([
      { server: "cr.azurecr.io", identity: appIdentity.id },
    ]);
    const registries = [{ server: "cr.azurecr.io", identityId: "puller-id" }];
    expect(synthesizeApp({ image: shop, registries }).registry).toEqual([
      { server: "cr.azurecr.io", identity: "puller-id" },
    ]);
  });

  it.each([shop, "cr.azurecr.us/team/shop:1.4.0", "cr-h4xx.azurecr.cn/shop:1.4.0"])(
    "fails when nobody signs in for %s",
    (image) => {
      const [host = ""] = image.split("/");
      const problem =
        `'image' (${image}) comes from a private registry (${host}), and no identity signs in there: the image could ` +
        "not be pulled. Name it as 'registryServer'";
      expect(creating({ image })).toThrow(`test/app: ${problem}`);
      expect(constructing((scope) => new MigrationJob(scope, "job", { ...leastJobProps, image }))).toThrow(
        `test/job: ${problem}`,
      );
    },
  );

  it("fails when nobody signs in for that of a further container", () => {
    const additionalContainers = [{ ...sidecar, image: "tools.azurecr.io/proxy:1.0.0" }];
    expect(creating({ image: shop, registryServer: "cr.azurecr.io", additionalContainers })).toThrow(
      "test/app: 'proxy.image' (tools.azurecr.io/proxy:1.0.0) comes from a private registry (tools.azurecr.io), and no " +
        "identity signs in there: the image could not be pulled. Add it to 'registries'",
    );
    expect(creating({ additionalInitContainers: additionalContainers })).toThrow("test/app: 'proxy.image'");
    expect(creating({ additionalContainers, registries: [{ server: "tools.azurecr.io" }] })).not.toThrow();
  });

  it("fails when it is the stack's own, or one that the stack names, and nobody signs in", () => {
    const place = { resourceGroupName: "rg-shop-dev", location: "westeurope" };
    expect(
      constructing((scope) => {
        const { loginServer } = new ImageRegistry(scope, "registry", { ...place, name: "crshop", sku: "Basic" });
        new MigratedContainerApp(scope, "app", { ...leastProps, image: `${loginServer}/shop:1.4.0` });
      }),
    ).toThrow(/test\/app: 'image' \(.*\/shop:1\.4\.0\) comes from a private registry/);
    expect(
      constructing((scope) => {
        const attributes = { id: "registry-id", loginServer: "images.shop.example" };
        const { loginServer } = ImageRegistry.fromImageRegistryAttributes(scope, "registry", attributes);
        new MigratedContainerApp(scope, "app", { ...leastProps, image: `${loginServer}/shop:1.4.0` });
      }),
    ).toThrow("comes from a private registry (images.shop.example)");
  });
});

it.each([
  "shop:1.4.0",
  "library/shop:1.4.0",
  "docker.io/team/shop:1.4.0",
  "mcr.microsoft.com/k8se/quickstart:1.4.0",
  "ghcr.io/team/shop:1.4.0",
  "shop.example:5000/team/shop:1.4.0",
])("a public image needs no registry: %s", (image) => {
  expect(synthesizeApp({ image })).not.toHaveProperty("registry");
});

describe("the registry that is named", () => {
  it.each([
    ["cr.azurecr.io", "tools.azurecr.io"],
    ["mcr.microsoft.com", "cr.azurecr.io"],
    ["docker.io", "cr.azurecr.io"],
  ])("fails when the image comes from %s and it is %s", (host, registryServer) => {
    const image = host === "docker.io" ? "shop:1.4.0" : `${host}/shop:1.4.0`;
    expect(creating({ image, registryServer })).toThrow(
      `test/app: 'registryServer' (${registryServer}) is not where 'image' (${image}) comes from: that is ${host}. ` +
        "Correct one of them, or leave 'registryServer' out when the image is public",
    );
  });

  it.each(["https://cr.azurecr.io", "cr.azurecr.io/", "CR.azurecr.io", "http://CR.azurecr.io/shop"])(
    "fails when it is written %s",
    (registryServer) => {
      expect(creating({ image: shop, registryServer })).toThrow(
        `test/app: 'registryServer' (${registryServer}) must be the registry's host name alone, in lower case, as images ` +
          "begin with it. Write cr.azurecr.io",
      );
      expect(creating({ registries: [{ server: registryServer }] })).toThrow(
        `test/app: 'registries' (${registryServer}) must be the registry's host name alone`,
      );
    },
  );

  it("fails when it is a name without its domain, or none", () => {
    expect(creating({ image: shop, registryServer: "cr" })).toThrow("Write for instance cr.azurecr.io");
    expect(creating({ image: shop, registryServer: "" })).toThrow(
      "'registryServer' () must be the registry's host name",
    );
  });

  it.each(["docker.io", "ghcr.io", "europe-docker.pkg.dev", "1234.dkr.ecr.eu-west-1.amazonaws.com"])(
    "fails when it is %s, which knows no identities of Azure",
    (registryServer) => {
      expect(creating({ image: `${registryServer}/shop:1.4.0`, registryServer })).toThrow(
        `test/app: 'registryServer' (${registryServer}) is signed in to as a managed identity, which only Azure's ` +
          "registries know. Leave it out when the image is public; a private one can be copied with 'az acr import'",
      );
    },
  );

  it("fails when it is named twice", () => {
    expect(
      creating({ image: shop, registryServer: "cr.azurecr.io", registries: [{ server: "cr.azurecr.io" }] }),
    ).toThrow(
      "test/app: 'registryServer' and 'registries' name cr.azurecr.io twice: one sign-in would win. Remove one",
    );
  });
});

describe("with parts that are known only at deploy time", () => {
  it.each([
    [`${unknownText}/shop:1.4.0`, unknownText],
    [`${unknownText}/shop:1.4.0`, "cr.azurecr.io"],
    [shop, unknownText],
    [unknownText, "cr.azurecr.io"],
    [`cr.azurecr.io/${unknownText}:1.4.0`, "cr.azurecr.io"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of Terraform's
    ["${data.azurerm_container_registry.cr.login_server}/shop:1.4.0", "cr.azurecr.io"],
  ])("compares only what is known: %s, %s", (image, registryServer) => {
    expect(creating({ image, registryServer })).not.toThrow();
  });

  it("leaves both as they are", () => {
    const stack = synthesizeStack((scope) => {
      const props = { name: "crshop", resourceGroupName: "rg-shop-dev", location: "westeurope", sku: "Basic" };
      const { loginServer } = new ImageRegistry(scope, "registry", props);
      new MigratedContainerApp(scope, "app", {
        ...leastProps,
        image: `${loginServer}/shop:1.4.0`,
        registryServer: loginServer,
      });
    });
    const { template, registry } = onlyResource(stack, "azurerm_container_app");
    const [{ server }] = registry;
    expect(server).toMatch(/^\$\{azurerm_container_registry\..*\.login_server\}$/);
    expect(template.container[0].image).toBe(`${server}/shop:1.4.0`);
  });

  it("still tells a private registry whose repository is not known", () => {
    expect(creating({ image: `cr.azurecr.io/${unknownText}:1.4.0` })).toThrow("comes from a private registry");
  });
});
