#!/usr/bin/env node
import { run } from "./run";

/** Time for what was printed to get through a pipe. */
const drainMs = 1_000;

run(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
  // A credential of the SDK does not listen when it is told to stop, and would try on for minutes.
  setTimeout(() => process.exit(), drainMs).unref();
});
