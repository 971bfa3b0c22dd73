import type { AlterTableCmd } from "libpg-query";

/** One action of ALTER TABLE, and the table in full. */
export interface Action extends AlterTableCmd {
  readonly tableKey: string;
  /** What the table is called in the statement. */
  readonly tableName: string;
  /** Names of constraints that the same statement adds with NOT VALID. @default none */
  readonly beside?: ReadonlySet<string | undefined>;
}
