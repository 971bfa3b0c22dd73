/** Asked of the process that loads Drizzle modules, as its last argument, in JSON. */
export interface DrizzleRequest {
  /** Absolute paths. */
  readonly modules: readonly string[];
  readonly casing?: "snake_case" | "camelCase";
}

/** Marks its answer among messages of the modules' own. */
export const drizzleReply = "schemagate-drizzle";

/** Its answer, one message. */
export type DrizzleReply = { readonly from: typeof drizzleReply } & (DrizzleDdl | DrizzleRefusal);

export interface DrizzleDdl {
  readonly ok: true;
  readonly statements: readonly string[];
  /** Version of drizzle-kit. */
  readonly kit: string;
}

export interface DrizzleRefusal {
  readonly ok: false;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}
