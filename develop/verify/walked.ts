import type { Catalog } from "../catalog/catalog";
import type { VerifiedMigration } from "./finding";

/** A state of the database. */
export interface State {
  /** Index of the last migration applied; -1: none. */
  readonly index: number;
  readonly catalog: Catalog;
}

/** What is known when all migrations are applied. */
export interface Walked {
  readonly migrations: readonly VerifiedMigration[];
  /** How far down all of them can be taken together. */
  readonly floor: State;
  readonly top: State;
}
