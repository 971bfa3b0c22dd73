import { usageError } from "../../errors";
import { count, table } from "../../events/words";
import { Ledger, type LedgerRow, type Run } from "../../ledger/ledger";
import { changeLedger, type LedgerChange } from "../../run/change-ledger";
import { withDatabase } from "../../run/session";
import type { databaseOptions, OptionValues, runOptions } from "../../settings";
import type { CommandContext } from "./command";

type Settings = OptionValues<typeof databaseOptions & typeof runOptions> & { readonly yes: boolean };

/**
 * Shows what the ledger would be told, asks, and tells it. Without a terminal to ask on, `yes` must have been said before.
 *
 * @param asksFor whether these changes are of a kind that is asked for. @default any are
 * @throws usage (exit 2) when nobody can be asked; refused (exit 4) when the ledger changed meanwhile.
 */
export async function showAndChange(
  action: Run["action"],
  settings: Settings,
  context: CommandContext,
  makeChanges: (rows: readonly LedgerRow[]) => readonly LedgerChange[],
  asksFor: (changes: readonly LedgerChange[]) => boolean = () => true,
): Promise<void> {
  const { output, signal } = context;
  await withDatabase(settings, context, async ({ client, actor }) => {
    const changes = makeChanges(await new Ledger(client, settings.ledgerSchema).read());
    const shown = changes.map(({ kind, name, reason }) => ({ kind, name, reason }));
    if (changes.length === 0) {
      output.result({ event: action, changes: shown }, () => "nothing to change: the ledger says that already");
      return;
    }
    if (asksFor(changes) && !(await isAgreed(changes, settings.yes, context))) {
      output.result({ event: action, changes: [] }, () => "nothing was changed");
      return;
    }
    const { ledgerSchema, lockWait } = settings;
    const options = { ledgerSchema, lockWaitMs: lockWait * 1_000, signal, actor, report: output.event };
    await changeLedger(client, options, action, changes, makeChanges);
    output.result(
      { event: action, changes: shown },
      () => `${describe(changes)}\n${count(changes.length, "row")} of the ledger changed; nothing was run`,
    );
  });
}

async function isAgreed(
  changes: readonly LedgerChange[],
  yes: boolean,
  { ask, args }: CommandContext,
): Promise<boolean> {
  if (yes) {
    return true;
  }
  if (!ask) {
    throw usageError({
      code: "not-agreed",
      message: `${count(changes.length, "row")} of the ledger would change${args.length > 0 ? ` (${args.join(" ")})` : ""}:\n${describeFirst(changes)}`,
      hint: "Say --yes: there is no terminal to ask on.",
    });
  }
  return ask(`${describe(changes)}\nChange the ledger?`);
}

/** As many as an error's text is for. */
const mostInError = 20;

function describeFirst(changes: readonly LedgerChange[]): string {
  const more = changes.length - mostInError;
  return describe(changes.slice(0, mostInError)) + (more > 0 ? `\n  and ${more} more` : "");
}

function describe(changes: readonly LedgerChange[]): string {
  return table(changes.map(({ name, reason }) => [`  ${name}`, reason]));
}
