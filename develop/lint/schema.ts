import type { RangeVar } from "libpg-query";
import { relationParts, type TypeText } from "./tree";

/** What is known of a column. */
export interface Column {
  type: TypeText;
  notNull: boolean;
}

/** What is known of a check. */
export interface Check {
  /** Columns that it proves to be not null. */
  readonly notNull: readonly string[];
  validated: boolean;
}

/** What is known of a table from the migrations so far. */
export interface Table {
  readonly columns: Map<string, Column>;
  readonly checks: Map<string, Check>;
  partitioned: boolean;
}

/** Kinds of objects whose names do not meet: tables, views, indexes and sequences share theirs. */
export type NameSpace = "relation" | "type" | "function" | "schema";

/**
 * The schema as far as the texts of the migrations tell it: what a linter without a database can know. Names that are
 * not qualified are of the schema that search_path was last set to, or of public.
 */
export class Schema {
  readonly tables = new Map<string, Table>();
  /** Tables of indexes. */
  readonly indexes = new Map<string, string>();
  /** Domains with a constraint. */
  readonly constrainedDomains = new Set<string>();
  /** Functions declared IMMUTABLE or STABLE, by name. */
  readonly steadyFunctions = new Set<string>();
  /** What the migration under way has made: nobody uses it yet, and it is empty. */
  private readonly made = new Set<string>();
  /** Constraints that the migration under way has added without checking the rows, as `table constraint`. */
  readonly unchecked = new Set<string>();
  defaultSchema = "public";

  /** A new migration begins: what the last one made is in use from now on. */
  begin(): void {
    this.made.clear();
    this.unchecked.clear();
    this.defaultSchema = "public";
  }

  /** The name of an object in full. */
  key(parts: readonly string[]): string {
    return parts.length > 1 ? parts.slice(-2).join(".") : `${this.defaultSchema}.${parts[0] ?? ""}`;
  }

  relationKey(relation: RangeVar | undefined): string {
    return this.key(relationParts(relation));
  }

  /** Notes that the migration under way has made something. */
  make(space: NameSpace, key: string): void {
    this.made.add(`${space} ${key}`);
  }

  /** Whether the migration under way has made it; an object of a schema that it made is new too. */
  isNew(space: NameSpace, key: string): boolean {
    return this.made.has(`${space} ${key}`) || this.made.has(`schema ${key.slice(0, key.lastIndexOf("."))}`);
  }

  /** Whether a table is new, or a temporary one. */
  isNewRelation(relation: RangeVar | undefined): boolean {
    return relation?.relpersistence === "t" || this.isNew("relation", this.relationKey(relation));
  }

  /** A table's record, made when it is first heard of. */
  table(key: string): Table {
    const known = this.tables.get(key) ?? { columns: new Map(), checks: new Map(), partitioned: false };
    this.tables.set(key, known);
    return known;
  }

  /** Carries what is known of a relation over to its new name. */
  rename(from: string, to: string): void {
    const table = this.tables.get(from);
    if (table) {
      this.tables.delete(from);
      this.tables.set(to, table);
    }
    const indexOf = this.indexes.get(from);
    if (indexOf !== undefined) {
      this.indexes.delete(from);
      this.indexes.set(to, indexOf);
    }
    for (const [index, owner] of this.indexes) {
      if (owner === from) {
        this.indexes.set(index, to);
      }
    }
    if (this.isNew("relation", from)) {
      this.make("relation", to);
    }
  }
}
