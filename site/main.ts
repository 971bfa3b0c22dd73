// Builds build/site from docs/; --serve shows it on loopback, --port says where.
import { parseArgs } from "node:util";
import { build } from "./build";
import { install } from "./install";
import { built } from "./paths";
import { serve } from "./serve";

const { values: options } = parseArgs({
  options: { serve: { type: "boolean" }, port: { type: "string", default: "8081" } },
});

async function main(): Promise<void> {
  install();
  await build();
  console.log("build/site is built");
  if (options.serve) {
    const { url } = await serve(built, Number(options.port));
    console.log(`${url}\nStop with Ctrl-C.`);
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
