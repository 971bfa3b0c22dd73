import type { ContainerApp } from "../../local/container-app";
import { databaseFromPod } from "../../local/pod/database";
import { dockerRun } from "../../local/pod/played-pod";
import { type PodContainer, toPod } from "../../local/pod/pod";

const app: ContainerApp = {
  initContainers: [
    { name: "migrate", image: "own", command: ["node", "cli.js"], args: ["up"], cpu: 0.25, memory: "0.5Gi", env: [] },
  ],
  containers: [
    { name: "app", image: "own", command: ["node"], args: ["app.js"], cpu: 1, memory: "2Gi", env: [] },
    { name: "proxy", image: "envoy:1", command: [], args: [], env: [] },
  ],
  targetPort: 8080,
  readinessPath: "/ready",
  terminationGraceS: 45,
};

const podOf = (hostNetwork: boolean, user?: number) =>
  toPod(app, {
    name: "shop",
    image: "shop:1",
    hostNetwork,
    port: 9000,
    user,
    environmentOf: ({ name }) => ({ NAME: name }),
  });

test("a Container App becomes a Pod of the same order, commands, sizes and environment", () => {
  const { metadata, spec } = podOf(true);

  expect(metadata.name).toBe("shop");
  expect(spec).toMatchObject({ hostNetwork: true, restartPolicy: "Never", terminationGracePeriodSeconds: 45 });
  expect(spec.initContainers).toMatchObject([
    {
      name: "migrate",
      command: ["node", "cli.js"],
      args: ["up"],
      env: [{ name: "NAME", value: "migrate" }],
      resources: { limits: { cpu: "250m", memory: "512Mi" } },
    },
  ]);
  expect(spec.containers).toMatchObject([
    { name: "app", resources: { limits: { cpu: "1000m", memory: "2048Mi" } } },
    { name: "proxy", resources: { limits: {} } },
  ]);
});

test("the image takes the place of the app's own, and of no other", () => {
  const { initContainers, containers } = podOf(true).spec;

  expect([...initContainers, ...containers].map(({ image }) => image)).toEqual(["shop:1", "shop:1", "envoy:1"]);
});

test("no container may write to its files or gain anything, and all run as the user that is asked for", () => {
  const { initContainers, containers } = podOf(true, 1234).spec;

  for (const { securityContext } of [...initContainers, ...containers]) {
    expect(securityContext).toEqual({
      runAsUser: 1234,
      runAsGroup: 1234,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
  }
});

test("with a network of its own, the app's port is published on this machine's loopback address only", () => {
  const [first, second] = podOf(false).spec.containers;

  expect(first?.ports).toEqual([{ containerPort: 8080, hostPort: 9000, hostIP: "127.0.0.1" }]);
  expect(second?.ports).toBeUndefined();
});

test("docker gets the same container as arguments, and no value of a variable among them", () => {
  const [migrate] = podOf(true, 1234).spec.initContainers;
  const [published] = podOf(false).spec.containers;

  expect(dockerRun("shop-migrate", migrate as PodContainer, true).join(" ")).toBe(
    "run --detach --name shop-migrate --network host --user 1234:1234 --read-only --tmpfs /tmp " +
      "--security-opt no-new-privileges --cap-drop ALL --cpus 0.25 --memory 512m --env NAME --entrypoint node " +
      "shop:1 cli.js up",
  );
  expect(dockerRun("shop-app", published as PodContainer, false).join(" ")).toContain(
    "--add-host host.docker.internal:host-gateway --read-only --tmpfs /tmp --security-opt no-new-privileges " +
      "--cap-drop ALL --cpus 1 --memory 2048m --publish 127.0.0.1:9000:8080 ",
  );
});

test("a database of this machine is reached by the engine's name for it where the network is not shared", () => {
  const url = "postgres://me:secret@localhost:5432/shop";

  expect(databaseFromPod({ DATABASE_URL: url }, "podman", true)).toEqual({ DATABASE_URL: url });
  expect(databaseFromPod({ DATABASE_URL: url }, "podman", false)).toEqual({
    DATABASE_URL: "postgres://me:secret@host.containers.internal:5432/shop?sslmode=disable",
  });
  expect(databaseFromPod({ PGHOST: "127.0.0.1", PGUSER: "me" }, "docker", false)).toEqual({
    PGHOST: "host.docker.internal",
    PGUSER: "me",
    PGSSLMODE: "disable",
  });
  expect(databaseFromPod({ PGHOST: "db.example" }, "docker", false)).toEqual({ PGHOST: "db.example" });
});
