import { type ExitCode, exitCodes, refusal } from "../../errors";
import { count } from "../../events/words";
import { Ledger } from "../../ledger/ledger";
import { describePlace } from "../../plan/partial";
import { planUp } from "../../plan/plan";
import { writeOfflineScript } from "../../run/offline";
import { prepareSteps } from "../../run/prepare";
import { withDatabase } from "../../run/session";
import { loadSource } from "../../source/load";
import { resolveName } from "../../source/names";
import type { CommandContext } from "./command";
import { resolveTarget } from "./prepare-run";
import type { UpSettings } from "./up-options";

/** Shows what `up` would do, as a script or as a plan, and does nothing. */
export function previewUp(settings: UpSettings, context: CommandContext): Promise<ExitCode> {
  return settings.sql ? printScript(settings, context) : showPlan(settings, context);
}

async function printScript({ dir, ledgerSchema, ...given }: UpSettings, { output }: CommandContext): Promise<ExitCode> {
  const source = await loadSource(dir);
  const names = source.migrations.map(({ name }) => name);
  const complete = (name: string | undefined) => name && resolveName(name, names);
  output.text(await writeOfflineScript(source, ledgerSchema, complete(given.from), complete(given.to)));
  return exitCodes.ok;
}

async function showPlan(settings: UpSettings, context: CommandContext): Promise<ExitCode> {
  const source = await loadSource(settings.dir);
  const rows = await withDatabase(settings, context, ({ client }) => new Ledger(client, settings.ledgerSchema).read());
  const { steps, problems } = planUp(source, rows, settings, resolveTarget(settings, source));
  if (problems.length > 0) {
    throw refusal(problems);
  }
  await prepareSteps(steps);
  const names = steps.map(({ migration }) => migration.name);
  context.output.result({ event: "plan", steps: names }, (style) =>
    [
      ...steps.map(({ migration: { name }, resume }) =>
        resume
          ? `${style.dim("would go on with")} ${name} ${describePlace(resume)}`
          : `${style.dim("would apply")} ${name}`,
      ),
      `${count(names.length, "step")}, nothing was done`,
    ].join("\n"),
  );
  return exitCodes.ok;
}
