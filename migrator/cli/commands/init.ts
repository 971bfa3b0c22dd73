import type { InitPlan } from "../../../develop/init";
import { exitCodes } from "../../errors";
import { count } from "../../events/words";
import { initOptions, readOptions } from "../../settings";
import { type Intention, isAgreed } from "./agree";
import type { Command, CommandContext } from "./command";
import { notInImage } from "./load-develop";

export const init: Command = {
  name: "init",
  about: "begin a project, or add to an API that exists what it lacks; never writes over a file",
  examples: ["schemagate init shop", "schemagate init --dry-run", "schemagate init . --name shop --yes"],
  arguments: [{ syntax: "[dir]", about: "directory of the project (default: this one)" }],
  options: initOptions,
  run: async (given, context) => {
    const { name, dryRun, yes } = readOptions(initOptions, given, context.env);
    const { planInit, describePlan } = await load();
    const plan = await planInit(context.args[0] ?? ".", name);
    const { directory, kind, missing, kept, next } = plan;
    const files = missing.map(({ path }) => path);
    context.output.result({ event: "init-plan", directory, kind, name: plan.name, files, kept, dryRun }, (style) =>
      describePlan(plan, style),
    );
    if (dryRun) {
      context.output.result({ event: "init-dry-run", next }, () => "nothing was written: a dry run");
    } else if (missing.length === 0 || (await isAgreed(toIntention(plan), yes, context))) {
      await write(plan, context);
    } else {
      context.output.result({ event: "init", written: [] }, () => "nothing was written");
    }
    return exitCodes.ok;
  },
};

function load(): Promise<typeof import("../../../develop/init")> {
  return import("../../../develop/init").catch(notInImage);
}

async function write(plan: InitPlan, { output }: CommandContext): Promise<void> {
  const { describeWritten, writeFiles } = await load();
  const written = await writeFiles(plan.directory, plan.missing);
  output.result({ event: "init", written, next: plan.next }, (style) => describeWritten(written, plan, style));
}

function toIntention({ missing, directory }: InitPlan): Intention {
  const files = count(missing.length, "file");
  return { would: `${files} would be written to ${directory}`, shown: "list", question: `Write ${files}?` };
}
