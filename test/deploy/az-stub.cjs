// Stands in for the Azure CLI: notes each call in the file FAKE_CLI_LOG, hands out a new token each time, and fails at the
// command that FAKE_CLI_FAIL begins with. FAKE_REGISTRY is a file with the digests of a registry by image; without one the
// registry says nothing.
const { createHash } = require("node:crypto");
const { appendFileSync, existsSync, readFileSync, writeFileSync } = require("node:fs");

const command = process.argv.slice(2).join(" ");
appendFileSync(process.env.FAKE_CLI_LOG, `${command}\n`);
const { FAKE_CLI_FAIL, FAKE_CLI_SUBSCRIPTION, FAKE_REGISTRY } = process.env;
const images = process.argv.flatMap((word, place) => (word === "--image" ? [process.argv[place + 1]] : []));
const registry = () => (existsSync(FAKE_REGISTRY) ? JSON.parse(readFileSync(FAKE_REGISTRY, "utf8")) : {});

/** Each build makes another image, as a real one does. */
function build() {
  const known = registry();
  const digest = `sha256:${createHash("sha256")
    .update(`build ${Object.keys(known).length}`)
    .digest("hex")}`;
  writeFileSync(
    FAKE_REGISTRY,
    JSON.stringify({ ...known, ...Object.fromEntries(images.map((name) => [name, digest])) }),
  );
}

function show() {
  const digest = registry()[images[0]];
  if (digest !== undefined) return void process.stdout.write(`${digest}\n`);
  const tag = images[0].split(":")[1];
  process.stderr.write(`ERROR: manifest tagged by "${tag}" is not found. Correlation ID: 01234567-89ab.\n`);
  process.exitCode = 1;
}

if (FAKE_CLI_FAIL && command.startsWith(FAKE_CLI_FAIL)) {
  process.stderr.write("ERROR: (AuthorizationFailed) The client does not have authorization to perform this action.\n");
  process.exitCode = 1;
} else if (command.startsWith("account get-access-token")) {
  const calls = readFileSync(process.env.FAKE_CLI_LOG, "utf8").split("\n");
  const count = calls.filter((call) => call.startsWith("account get-access-token")).length;
  const expires = Math.floor(Date.now() / 1000) + 3600;
  process.stdout.write(
    JSON.stringify({
      accessToken: `cli-${count}`,
      expires_on: expires,
      expiresOn: new Date(expires * 1000).toISOString(),
      tenant: "00000000-0000-0000-0000-000000000000",
      tokenType: "Bearer",
    }),
  );
} else if (command.startsWith("account show")) {
  process.stdout.write(`${FAKE_CLI_SUBSCRIPTION ?? ""}\n`);
  process.exitCode = FAKE_CLI_SUBSCRIPTION ? 0 : 1;
} else if (command.startsWith("ad signed-in-user show")) {
  process.stdout.write("99999999-8888-7777-6666-555555555555\n");
} else if (FAKE_REGISTRY && command.startsWith("acr build")) {
  build();
} else if (FAKE_REGISTRY && command.startsWith("acr repository show")) {
  show();
}
