import {
  type AdditionalContainer,
  requireValidContainers,
  resourcesOf,
  toContainerBlock,
} from "../../../infra/constructs/containers";

const proxy: AdditionalContainer = { name: "proxy", image: "shop.example/proxy:2.1.0", cpu: 0.25 };

const checking = (containers: readonly AdditionalContainer[], allowMutableTag = false) => {
  return () => requireValidContainers(containers, allowMutableTag, "stack/app");
};

it("has twice as much memory as cpu unless told otherwise", () => {
  expect(resourcesOf(proxy)).toEqual({ cpu: 0.25, memory: "0.5Gi" });
  expect(resourcesOf({ ...proxy, memory: "0.25Gi" })).toEqual({ cpu: 0.25, memory: "0.25Gi" });
});

it("runs what its image says unless told otherwise", () => {
  expect(toContainerBlock(proxy)).toEqual({
    name: "proxy",
    image: "shop.example/proxy:2.1.0",
    command: undefined,
    args: undefined,
    cpu: 0.25,
    memory: "0.5Gi",
    env: [],
    volumeMounts: undefined,
  });
});

it("takes command, arguments, variables, secrets and volumes", () => {
  const block = toContainerBlock({
    ...proxy,
    command: ["proxy"],
    args: ["--verbose"],
    environmentVariables: { LOG_LEVEL: "debug" },
    secretEnvironmentVariables: { TOKEN: "token" },
    volumeMounts: [{ name: "cache", path: "/cache", subPath: "proxy" }],
  });
  expect(block).toMatchObject({
    command: ["proxy"],
    args: ["--verbose"],
    env: [
      { name: "LOG_LEVEL", value: "debug" },
      { name: "TOKEN", secretName: "token" },
    ],
    volumeMounts: [{ name: "cache", path: "/cache", subPath: "proxy" }],
  });
});

it.each(["migrate", "app"])("fails when it takes the construct's own name %s", (name) => {
  expect(checking([{ ...proxy, name }])).toThrow(
    `stack/app: a further container is named '${name}', and so is another one ('migrate' and 'app' are the construct's ` +
      "own): log queries could not tell them apart. Rename it",
  );
});

it("fails when two have one name", () => {
  expect(checking([proxy, proxy])).toThrow("stack/app: a further container is named 'proxy', and so is another one");
});

it("fails when its image is mutable, unless that is allowed", () => {
  const latest = { ...proxy, image: "shop.example/proxy:latest" };
  expect(checking([latest])).toThrow(
    "stack/app/proxy: 'image' (shop.example/proxy:latest) has the mutable tag 'latest'",
  );
  expect(checking([latest], true)).not.toThrow();
});
