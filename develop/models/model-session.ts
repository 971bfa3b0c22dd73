import type { Client } from "pg";
import type { Failure } from "./apply-error";
import type { ModelSql } from "./model-adapter";

/** A statement with the SET statements that stand in front of it in its file. */
export interface Task {
  readonly statement: ModelSql;
  readonly settings: readonly ModelSql[];
  /** Runs instead of the statement: the same text with blanks for some of it. */
  readonly blanked?: string;
  /** Runs instead of the statement: a text in which places are not those of the file. */
  readonly written?: string;
}

/** Tells statements from settings: what a file sets counts for what is behind it there, whenever that is run. */
export function toTasks(statements: readonly ModelSql[]): Task[] {
  const tasks: Task[] = [];
  let settings: readonly ModelSql[] = [];
  let file: string | undefined;
  for (const statement of statements) {
    if (statement.file !== file) {
      file = statement.file;
      settings = [];
    }
    if (statement.setsSession) {
      settings = [...settings, statement];
    } else {
      tasks.push({ statement, settings });
    }
  }
  return tasks;
}

/** A function may use what is made behind it, and two may call each other. */
const base = "SET SESSION AUTHORIZATION DEFAULT; RESET ALL; SET check_function_bodies = off";

/** Runs statements of models, each under the settings of its file. */
export class ModelSession {
  /** Settings in force; undefined: unknown. */
  private settings: readonly ModelSql[] | undefined;

  constructor(private readonly client: Client) {}

  /** @returns the statement that failed, or the setting in front of it. */
  async run({ statement, settings, blanked, written }: Task): Promise<Failure | undefined> {
    if (this.settings !== settings) {
      this.settings = undefined;
      await this.client.query(base);
      for (const setting of settings) {
        const failed = await this.try(setting);
        if (failed) {
          return failed;
        }
      }
      this.settings = settings;
    }
    const failed = await this.try(statement, written ?? blanked);
    return failed && { ...failed, placed: written === undefined };
  }

  /** Sets everything to what the session was opened with. */
  async reset(): Promise<void> {
    await this.client.query("SET SESSION AUTHORIZATION DEFAULT; RESET ALL");
  }

  private async try(statement: ModelSql, sql = statement.sql): Promise<Failure | undefined> {
    try {
      await this.client.query(sql);
      return undefined;
    } catch (cause) {
      return { statement, cause, placed: true };
    }
  }
}
