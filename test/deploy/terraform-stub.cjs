#!/usr/bin/env node
// Stands in for Terraform where a test asks what deploy makes of it: the order of stacks, directories, plans, exit codes.
// Writes each call to the file in STUB_LOG and fails at the subcommand in STUB_FAIL. STUB_PLANS has the plan of a stack as
// JSON; at STUB_WAIT it waits until it is told to stop, and then ends as Terraform does; what cannot be applied before it is imported is in STUB_EXISTING, as what Terraform then prints, by stack.
const { appendFileSync, readFileSync } = require("node:fs");
const { basename } = require("node:path");

const { STUB_LOG, STUB_FAIL, STUB_SAYS, STUB_PLANS = "{}", STUB_EXISTING = "{}", TF_DATA_DIR } = process.env;
const [subcommand, ...rest] = process.argv.slice(2);
const stack = basename(process.cwd());
const variables = { planArguments: process.env.TF_CLI_ARGS_plan };
appendFileSync(STUB_LOG, `${JSON.stringify({ stack, subcommand, rest, dataDirectory: TF_DATA_DIR, ...variables })}\n`);

const isImported = () =>
  readFileSync(STUB_LOG, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .some((call) => call.stack === stack && call.subcommand === "import");

if (subcommand === "version")
  console.log(rest.includes("-json") ? '{"terraform_version":"1.11.4"}' : "Terraform v1.11.4");
if (subcommand === "output") console.log("{}");
if (subcommand === "show")
  console.log(JSON.stringify(JSON.parse(STUB_PLANS)[stack] ?? { format_version: "1.2", resource_changes: [] }));
const existing = subcommand === "apply" && !isImported() ? JSON.parse(STUB_EXISTING)[stack] : undefined;
if (existing) console.error(existing);
if (subcommand === STUB_FAIL && STUB_SAYS) console.error(STUB_SAYS);
if (subcommand === process.env.STUB_WAIT) waitForSignal();
process.exitCode = existing || subcommand === STUB_FAIL ? 1 : 0;

function waitForSignal() {
  const timer = setInterval(() => {}, 1_000);
  const stop = () => {
    console.log("the state is written");
    process.exitCode = 1;
    clearInterval(timer);
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  console.log("waiting");
}
