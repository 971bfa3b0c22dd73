import { runStacks } from "schemagate/stacks";
import { version } from "../package.json";

// The stacks of the environment that SCHEMAGATE_ENVIRONMENT names, with its settings in infra/settings: network, registry,
// PostgreSQL, identities, logs, jobs, and the app behind its gate. `extend` adds what is yours.
process.exitCode = runStacks({ env: process.env, packageVersion: version });
