import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const root = join(__dirname, "../..");

interface Instruction {
  readonly keyword: string;
  readonly rest: string;
}

/** The instructions of the Dockerfile's last stage: what ends up in the image. */
function readFinalStage(): Instruction[] {
  const instructions = readFileSync(join(root, "Dockerfile"), "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .join("\n")
    .replaceAll("\\\n", " ")
    .split("\n")
    .map((line) => ({ keyword: line.split(" ", 1)[0] ?? "", rest: line.slice(line.indexOf(" ") + 1).trim() }));
  return instructions.slice(instructions.findLastIndex(({ keyword }) => keyword === "FROM"));
}

describe("the Dockerfile", () => {
  const stage = readFinalStage();
  const all = (keyword: string) => stage.filter((line) => line.keyword === keyword).map((line) => line.rest);

  it("starts node itself, so that signals reach the app", () => {
    expect(all("CMD").map((command) => JSON.parse(command))).toEqual([["node", "dist/app.js"]]);
    expect(all("ENTRYPOINT")).toEqual([]);
  });

  it("runs as a numeric user other than root", () => {
    expect(all("USER")).toEqual(["10001:10001"]);
  });

  it("takes nothing into the image but the bundles and the sealed migrations", () => {
    expect(all("COPY")).toEqual([
      "--from=build /src/dist/ dist/",
      "--from=build /src/build/migrations/ migrator/migrations/",
    ]);
    expect(all("RUN")).toEqual([]);
  });
});

describe("compose.yaml", () => {
  const { services } = parse(readFileSync(join(root, "compose.yaml"), "utf8"), { merge: true });

  it("starts the app only when the migrations went through", () => {
    expect(services.api.depends_on).toEqual({
      db: { condition: "service_healthy" },
      migrate: { condition: "service_completed_successfully" },
    });
    expect(services.migrate.depends_on).toEqual({ db: { condition: "service_healthy" } });
  });

  it("migrates and serves from one image, as the container app does", () => {
    expect(services.migrate.image).toBe(services.api.image);
    expect(services.migrate.build).toBe(services.api.build);
    expect([...services.migrate.entrypoint, ...services.migrate.command]).toEqual(["node", "dist/cli.js", "up"]);
    expect(services.migrate.environment.DATABASE_URL).toBe(services.api.environment.DATABASE_URL);
  });

  it("lets our containers write nothing and gain nothing", () => {
    for (const service of [services.migrate, services.api]) {
      expect(service).toMatchObject({ read_only: true, cap_drop: ["ALL"], security_opt: ["no-new-privileges:true"] });
    }
  });

  it("publishes ports on this machine only", () => {
    const ports = Object.values(services as Record<string, { ports?: string[] }>).flatMap(
      (service) => service.ports ?? [],
    );
    expect(ports).toHaveLength(2);
    for (const port of ports) {
      expect(port).toMatch(/^127\.0\.0\.1:/);
    }
  });
});
