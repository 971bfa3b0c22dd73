#!/usr/bin/env node
// Stands in for Terraform where a test asks what cdktf makes of it: the order of stacks, directories, exit codes. Writes
// each call to the file in STUB_LOG and fails at the subcommand in STUB_FAIL.
const { appendFileSync } = require("node:fs");
const { basename } = require("node:path");

const [subcommand, ...rest] = process.argv.slice(2);
const call = { stack: basename(process.cwd()), subcommand, rest, dataDirectory: process.env.TF_DATA_DIR };
appendFileSync(process.env.STUB_LOG, `${JSON.stringify(call)}\n`);
if (subcommand === "version")
  console.log(rest.includes("-json") ? '{"terraform_version":"1.11.4"}' : "Terraform v1.11.4");
if (subcommand === "output") console.log("{}");
process.exitCode = subcommand === process.env.STUB_FAIL ? 1 : 0;
