/** A program that makes scratch databases, says so, and holds them until it is ended. */
import { withScratch } from "../../../develop/scratch/scratch";
import { besideTarget, quietContext } from "./scratch";

const [url = "", label = "", what = "sleep"] = process.argv.slice(3);
const controller = new AbortController();
process.on("SIGTERM", () => controller.abort(new Error("ended by SIGTERM")));

withScratch(besideTarget(url), quietContext(controller.signal), async (scratch) => {
  const first = await scratch.create(label);
  await first.connect((client) => client.query("CREATE TABLE a (id integer)"));
  await scratch.copy(first, label);
  process.stdout.write("ready\n");
  if (what === "make") {
    for (;;) {
      await scratch.create(label);
    }
  }
  await first.connect((client) => client.query("SELECT pg_sleep(600)"));
}).catch((error: Error) => {
  process.stdout.write(`${error.message}\n`);
  process.exitCode = 1;
});
