import { inspect } from "node:util";
import { type ConnectionConfig, type ConnectionSettings, toClientConfig } from "../../../migrator/connection/config";
import { connectionError } from "../../../migrator/connection/connect";
import { type SchemagateError, toSchemagateError } from "../../../migrator/errors";
import { describeError, errorLine } from "../../../migrator/events/report";
import { createStyle } from "../../../migrator/events/words";
import { describeTarget } from "../../../migrator/target";
import { runMigrator } from "../../support/migrator";

function errorOf(settings: Partial<ConnectionSettings>): SchemagateError | undefined {
  try {
    toClientConfig({ auth: "password", env: {}, ...settings });
    return undefined;
  } catch (error) {
    return toSchemagateError(error);
  }
}

const faultsOf = (databaseUrl: string) => {
  const error = errorOf({ databaseUrl });
  const problems = error && error.problems.length > 0 ? error.problems : error ? [error] : [];
  return problems.map(({ code, message }) => `${code}: ${message}`);
};

describe("says what is wrong in terms of form", () => {
  it.each([
    ["host=db user=shop password=Secret1 dbname=x", "it is of the key=value form"],
    ["password='Secret1' host=db", "it is of the key=value form"],
    ["Server=db;User Id=shop;Password=Secret1", "it is of the key=value form"],
    ["app:Secret1@h/d", "it does not begin with postgres://"],
    ["postgres:/app:Secret1@h/d", "it does not begin with postgres://"],
    ["mysql://app:Secret1@h/d", "its scheme is mysql, and must be postgres"],
    ["jdbc:postgresql://h/d?user=app&password=Secret1", "its scheme is jdbc:postgresql, and must be postgres"],
    ["postgresql+psycopg2://app:Secret1@h/d", "its scheme is postgresql+psycopg2"],
    ['"postgres://app:Secret1@h/d"', "it begins with a quotation mark"],
    [" ", "it is empty"],
    ["postgres://shop:12/Secret1@db:5432/shop", "it has an @ behind the first / or ?"],
    ["postgres://shop:12?Secret1@db:5432/shop", "it has an @ behind the first / or ?"],
    ["postgres://shop:Sec@ret1@db/shop", "it has more than one @ before the host"],
    ["postgres://shop:Sec#ret1@db/shop", "it has a # in it"],
    ["postgres://shop:Sec%ret1@db/shop", "it has a % without two hexadecimal digits"],
    ["postgres://shop:Sec ret1@db/shop", "it has white space in it"],
    ["postgres://shop:Sec\nret1@db/shop", "it has white space in it"],
    ["postgres://shop:Sec%ffret1@db/shop", "what is percent-encoded in it is no UTF-8"],
    ["postgres://shop:Secret1", "its port is no number"],
    ["postgres://shop:12/Secret1", "it has no @, and a port that no PostgreSQL has"],
    ["postgres://shop%3ASecret1%40db/shop", "its @ or : is percent-encoded"],
    ["postgres://shop%3ASecret1@db/shop", "the colon in its user is percent-encoded"],
    ["postgres://shop:5432/Sec/ret1", "it has more than one / behind the host"],
    ["postgres://shop@db/shop?Secret1", "a parameter of it has no name or no value"],
    ["postgres://shop:Secret1@[::1/shop", "its host cannot be told from the rest"],
    ["postgres://shop:Secret1@db:port/shop", "its port is no number"],
    ["postgres://user=shop&password=Secret1@db/shop", "its user has a character that must be percent-encoded"],
    ["postgres://shop@db/sh%0Aop", "it has a control character in it"],
    ["postgres://shop@db/shop;password=Secret1", "its database's name has a character that must be percent-encoded"],
    ["postgres://shop@db/shop&password=Secret1", "its database's name has a character that must be percent-encoded"],
    ["postgres://db/shop?user=shop;password=Secret1", "a name in its parameters has a character"],
  ])("%j", (databaseUrl, fault) => {
    const faults = faultsOf(databaseUrl);

    expect(faults).toEqual([expect.stringContaining(`bad-url: the database URL cannot be read: ${fault}`)]);
    expect(faults.join()).not.toMatch(/Sec|ret1/);
  });

  it("all of it at once", () => {
    expect(faultsOf("postgres://shop:Sec #%zz@ret1@db/shop")).toHaveLength(4);
  });
});

test.each([
  ["postgres://shop:p%40ss%2Fw%23rd%3F%25%20x@db/shop", { password: "p@ss/w#rd?% x" }],
  ["postgres://shop:pa:ss'{}!$&*=;,@db/shop", { password: "pa:ss'{}!$&*=;," }],
  ["postgresql://db/shop\n", { host: "db", database: "shop", user: undefined }],
  ["postgres://me%40tenant.example@db/sh%2Fop%40x", { user: "me@tenant.example", database: "sh/op@x" }],
  ["postgres://u@db?sslmode=disable", { host: "db", database: "u", ssl: false }],
  ["postgres://u@db/d?", { database: "d" }],
  ["postgres://localhost:5432/app", { host: "localhost", port: 5432, database: "app" }],
  ["postgres://u@bücher.example/d", { host: "bücher.example" }],
])("%j is read as ever", (databaseUrl, expected) => {
  expect(toClientConfig({ databaseUrl, auth: "password", env: {} })).toMatchObject(expected);
});

test.each([
  { PGHOST: "postgres://shop:Secret1@db/shop" },
  { PGHOST: "shop:Secret1@db" },
  { PGHOST: "db", PGDATABASE: "postgres://shop:Secret1@db/shop" },
  { PGHOST: "db", PGDATABASE: "host=db user=shop password=Secret1" },
  { PGHOST: "db", PGDATABASE: "shop:Secret1@db/shop" },
  { PGHOST: "db", PGUSER: "postgres://shop:Secret1@db/shop" },
  { PGHOST: "/tmp,/var;password=Secret1" },
  { PGHOST: "db", PGPORT: "Secret1" },
  { PGHOST: "db", PGSSLMODE: "Secret1" },
  { PGHOST: "db", PGSSLROOTCERT: "Secret1" },
  { PGHOST: "db", PGCONNECT_TIMEOUT: "Secret1" },
])("a variable that holds something else is refused without being shown: %j", (env) => {
  const text = inspect(errorOf({ env }), { depth: 10 });

  expect(text).toMatch(/PG[A-Z_]+|sslmode|sslrootcert/);
  expect(text).toContain("exitCode: 2");
  expect(text.replace(/at .*:\d+/g, "")).not.toContain("Secret1");
});

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Letters and digits of no word, so that six in a row are nowhere else. */
const alphabet = "QZXJVKqzxjvkw0123456789";
const special = [
  "/",
  "@",
  "#",
  "?",
  ":",
  "%",
  "%zz",
  " ",
  "\n",
  "'",
  '"',
  "\\",
  "&",
  "=",
  "+",
  ",",
  ";",
  "é",
  "秘",
  "[",
  "]",
  "%40",
  "%2F",
];

/** Where a secret may stand; the host refuses at once whoever takes the text for a URL that is right. */
const places: readonly ((secret: string) => string)[] = [
  (s) => `postgres://shop:${s}@127.0.0.1:1/shop`,
  (s) => `postgresql://shop:${s}@127.0.0.1:1/shop?sslmode=disable`,
  (s) => `postgres://shop:12/${s}@127.0.0.1:1/shop`,
  (s) => `postgres://shop:${s}${s}@127.0.0.1:1/shop`,
  (s) => `postgres://shop:${s}:${s}@127.0.0.1:1/shop`,
  (s) => `postgres://shop:${s}@@127.0.0.1:1/shop`,
  (s) => `postgres://shop:${s}@127.0.0.1:${s}/shop`,
  (s) => `postgres://shop:${s}@[127.0.0.1:1/shop`,
  (s) => `postgres://shop:${s.replaceAll("@", "")}`,
  (s) => `postgres://shop%3A${s}%40127.0.0.1/shop`,
  (s) => `postgres://shop%3A${s}@127.0.0.1/shop`,
  (s) => `postgres://shop:x@127.0.0.1:1/shop?${s}`,
  (s) => `postgres://shop:x@127.0.0.1:1/shop?${s}=1`,
  (s) => `postgres://127.0.0.1:1/shop?user=shop&password=${s}`,
  (s) => `postgres://shop@127.0.0.1:1/shop?port=${s}`,
  (s) => `postgres://shop@127.0.0.1:1/shop?sslmode=${s}`,
  (s) => `postgres://shop@127.0.0.1:1/shop?sslrootcert=x${s}&sslmode=verify-ca`,
  (s) => `postgres://shop@127.0.0.1:1/shop?connect_timeout=${s}&target_session_attrs=${s}`,
  (s) => `postgres://shop@127.0.0.1:1/shop?channel_binding=${s}&schema=${s}&schema=${s}`,
  (s) => `postgres://user=shop&password=${s}@127.0.0.1/shop`,
  (s) => `postgres//shop:${s}@127.0.0.1/shop`,
  (s) => `postgres:shop:${s}@127.0.0.1/shop`,
  (s) => `mysql://shop:${s}@127.0.0.1/shop`,
  (s) => `jdbc:postgresql://127.0.0.1/shop?user=shop&password=${s}`,
  (s) => `${s}://shop:x@127.0.0.1/shop`,
  (s) => `shop:${s}@127.0.0.1/shop`,
  (s) => s,
  (s) => `"postgres://shop:${s}@127.0.0.1/shop"`,
  (s) => `DATABASE_URL=postgres://shop:${s}@127.0.0.1/shop`,
  (s) => `psql postgres://shop:${s}@127.0.0.1/shop`,
  (s) => `host=127.0.0.1 user=shop password=${s} dbname=x`,
  (s) => `host=127.0.0.1 user=shop password='${s}'`,
  (s) => `password = "${s}" user=shop`,
  (s) => `Server=127.0.0.1;User Id=shop;Password=${s};`,
  (s) => `postgres://host=127.0.0.1 password=${s}`,
  (s) => `postgres://shop@127.0.0.1:1/shop;password=${s}`,
  (s) => `postgres://shop@127.0.0.1:1/shop&password=${s}`,
  (s) => `postgres://shop@127.0.0.1:1/shop%3Fpassword%3D${s}`,
  (s) => `postgres://shop@127.0.0.1:1;password=${s}/shop`,
  (s) => `postgres://127.0.0.1:1/shop?user=shop;password=${s}`,
  (s) => `postgres://shop@127.0.0.1:1/shop?host=/tmp;password=${s}`,
  (s) => `postgres://127.0.0.1:1/postgres%3A%2F%2Fshop%3A${s}%40db`,
];

interface Broken {
  readonly secret: string;
  readonly databaseUrl: string;
}

/** A text with a secret in it that somebody may give for a URL. */
function makeBroken(random: () => number): Broken {
  const pick = <T>(list: readonly T[] | string): T => list[Math.floor(random() * list.length)] as T;
  const letters = Array.from({ length: 14 }, () => pick<string>(alphabet));
  for (let times = Math.floor(random() * 4); times > 0; times -= 1) {
    letters.splice(Math.floor(random() * letters.length), 0, pick(special));
  }
  const secret = letters.join("");
  const whole = pick(places)(secret);
  // What ends behind an @ or a / of a password may be a URL that is right, and that nobody can tell from one.
  const mayCut = random() < 0.2 && !/@|^\d{4,5}[/?]/.test(secret);
  return { secret, databaseUrl: mayCut ? whole.slice(0, Math.floor(random() * whole.length)) : whole };
}

/** Whether six characters of the secret in a row are in a text. */
function leaks(secret: string, text: string): boolean {
  return Array.from({ length: secret.length - 5 }, (_, start) => secret.slice(start, start + 6)).some((piece) =>
    text.includes(piece),
  );
}

/** All that is printed of a URL: an error's words, its JSON line, what Node shows of it; or the target and its error. */
function printed(databaseUrl: string): string {
  const show = (error: SchemagateError) =>
    [describeError(error, createStyle(false)), errorLine(error, new Date()), inspect(error, { depth: 10 })].join("\n");
  const error = errorOf({ databaseUrl });
  if (error) {
    return show(error);
  }
  const config: ConnectionConfig = toClientConfig({ databaseUrl, auth: "password", env: {} });
  return [describeTarget(config), show(connectionError(new Error("no answer"), config, 0))].join("\n");
}

const random = randomOf(20_260_131);
const broken = Array.from({ length: 2_000 }, () => makeBroken(random));

test("INV-10: of 2,000 texts that are no URL, or nearly one, no piece of the secret is printed", () => {
  const leaking = broken.filter(({ secret, databaseUrl }) => leaks(secret, printed(databaseUrl)));

  expect(leaking).toEqual([]);
  // Most are refused, and some are right after all: both ways are tried.
  const refused = broken.filter(({ databaseUrl }) => errorOf({ databaseUrl }));
  expect(refused.length).toBeGreaterThan(1_000);
  expect(refused.length).toBeLessThan(2_000);
  expect(refused.filter(({ databaseUrl }) => errorOf({ databaseUrl })?.exitCode !== 2)).toEqual([]);
});

test("INV-10: nor is it by a command, in words or as JSON lines", async () => {
  for (const [index, { secret, databaseUrl }] of broken.filter((_, place) => place % 40 === 0).entries()) {
    const form = index % 2 === 0 ? "--json" : "--no-json";
    const { code, stdout, stderr } = await runMigrator(["history", form, "--connect-timeout", "0"], {
      DATABASE_URL: databaseUrl || "x",
    });

    expect([2, 7]).toContain(code);
    expect(leaks(secret, stdout + stderr) ? databaseUrl : "").toBe("");
  }
});

test.each([
  [["host=db password=Secret1"]],
  [["shop:Secret1@db/shop"]],
  [["up", "postgres://shop:Secret1@db/shop"]],
  [["--databaseurl=postgres://shop:Secret1@db/shop"]],
  [["status", "--databse-url", "shop:Secret1@db/shop"]],
])("an address in the place of something else is not shown: %j", async (args) => {
  const { code, stdout, stderr } = await runMigrator(args);

  expect(code).toBe(2);
  expect(stdout + stderr).not.toContain("Secret1");
});
