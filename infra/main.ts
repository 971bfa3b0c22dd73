import { version } from "../package.json";
import { runStacks } from "./run-stacks";

process.exitCode = runStacks({ env: process.env, packageVersion: version });
