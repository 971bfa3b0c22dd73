/** Of drizzle-kit's snapshots, what is mended here. */
export interface Snapshot {
  readonly tables: Readonly<Record<string, { readonly columns: Readonly<Record<string, WrittenColumn>> }>>;
}

interface WrittenColumn {
  type: string;
  typeSchema?: string;
  default?: unknown;
}

interface Column {
  readonly default?: unknown;
  readonly getSQLType: () => string;
  readonly mapToDriverValue: (value: unknown) => unknown;
}

const nameOf = Symbol.for("drizzle:Name");
const schemaOf = Symbol.for("drizzle:Schema");
const columnsOf = Symbol.for("drizzle:Columns");

/**
 * Writes some defaults and types anew: drizzle-kit does not escape what is in json and arrays, fails for points and the
 * like, and quotes `schema.type` as one name.
 */
export function mendSnapshot(snapshot: Snapshot, objects: ReadonlySet<unknown>): void {
  for (const object of objects) {
    const {
      [nameOf]: name,
      [schemaOf]: schema,
      [columnsOf]: columns,
    } = Object(object) as { [nameOf]?: string; [schemaOf]?: string; [columnsOf]?: Record<string, Column> };
    const written = Object.values(snapshot.tables[`${schema || "public"}.${name}`]?.columns ?? {});
    for (const [index, column] of Object.values(columns ?? {}).entries()) {
      const target = written[index];
      if (target) {
        mendColumn(target, column);
      }
    }
  }
}

function mendColumn(target: WrittenColumn, column: Column): void {
  target.default = defaultOf(column) ?? target.default;
  const [, schema, type] = /^([a-z_][\w$]*)\.([a-z_][\w$]*(?:\[\d*\])*)$/.exec(target.type) ?? [];
  if (type && !target.typeSchema) {
    target.type = type;
    target.typeSchema = schema;
  }
}

/** @returns undefined where drizzle-kit does well: texts, numbers, dates, SQL, arrays of dates and of objects. */
function defaultOf(column: Column): string | undefined {
  const { default: value } = column;
  if (typeof value === "bigint") {
    return String(value);
  }
  if (typeof value !== "object" || value === null || value instanceof Date || "queryChunks" in value) {
    return undefined;
  }
  const type = column.getSQLType();
  if (type === "json" || type === "jsonb") {
    return `${quote(JSON.stringify(value))}::${type}`;
  }
  const literal = /\[\d*\]$/.test(type) ? arrayLiteral(value) : column.mapToDriverValue(value);
  return typeof literal === "string" ? quote(literal) : undefined;
}

/** An array as PostgreSQL reads it. */
function arrayLiteral(values: unknown): string | undefined {
  if (!Array.isArray(values)) {
    return undefined;
  }
  const elements = values.map((value) => {
    if (Array.isArray(value)) {
      return arrayLiteral(value);
    }
    if (typeof value === "string") {
      return `"${value.replace(/["\\]/g, "\\$&")}"`;
    }
    return value === null ? "NULL" : typeof value === "object" ? undefined : String(value);
  });
  return elements.includes(undefined) ? undefined : `{${elements.join()}}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
