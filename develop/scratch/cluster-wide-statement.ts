/** PostgreSQL's syntax tree as plain objects. */
type Node = Readonly<Record<string, unknown>>;

/** What each statement changes beside the database it runs in. */
const byStatement: Readonly<Record<string, string>> = {
  CreateRoleStmt: "a role",
  AlterRoleStmt: "a role",
  AlterRoleSetStmt: "a role's settings",
  DropRoleStmt: "a role",
  GrantRoleStmt: "the membership of a role",
  ReassignOwnedStmt: "what a role owns, databases included",
  DropOwnedStmt: "what a role owns and may, databases included",
  CreatedbStmt: "the server's databases",
  DropdbStmt: "the server's databases",
  AlterDatabaseStmt: "a database by its name",
  AlterDatabaseSetStmt: "a database's settings, by its name",
  AlterDatabaseRefreshCollStmt: "a database by its name",
  CreateTableSpaceStmt: "a tablespace",
  DropTableSpaceStmt: "a tablespace",
  AlterTableSpaceOptionsStmt: "a tablespace",
  AlterSystemStmt: "the server's settings",
  CreateSubscriptionStmt: "the publishing server",
  AlterSubscriptionStmt: "the publishing server",
  DropSubscriptionStmt: "the publishing server",
};

/** What a statement changes when it is about such an object. */
const byObject: Readonly<Record<string, string>> = {
  OBJECT_ROLE: "a role",
  OBJECT_DATABASE: "a database by its name",
  OBJECT_TABLESPACE: "a tablespace",
  OBJECT_PARAMETER_ACL: "who may set the server's settings",
};

/** Fields in which statements name the kind of object they are about. */
const objectFields = ["objtype", "renameType", "objectType", "removeType"] as const;

/** Words of one of which each of these statements has at least one; most migrations hold none and need no parser. */
export const suspiciousWords =
  /\b(role|user|group|database|tablespace|system|owned|subscription|parameter|grant|revoke)\b/i;

/** The same statements as words, for the text of a DO block, whose language PostgreSQL's parser does not read. */
const inBlock = new RegExp(
  [
    String.raw`\b(create|alter|drop|comment\s+on)\s+(role|user(?!\s+mapping)|group|database|tablespace|subscription)\b`,
    String.raw`\balter\s+system\b`,
    String.raw`\b(reassign|drop)\s+owned\b`,
    String.raw`\bon\s+(database|tablespace|parameter)\b`,
  ].join("|"),
  "i",
);

/** @returns what a statement changes beside the database it runs in, in words, or nothing. */
export function clusterWideKind(statement: Node): string | undefined {
  const [entry] = Object.entries(statement);
  if (!entry) {
    return undefined;
  }
  const [kind, body] = entry;
  if (kind === "DoStmt") {
    return inBlock.test(withoutComments(blockOf(body as Node)))
      ? "the whole server, by the words of its block"
      : undefined;
  }
  const about = objectFields.map((field) => (body as Node)[field]).find((value) => typeof value === "string");
  return byStatement[kind] ?? byObject[String(about)];
}

/** The text of a DO block. */
function blockOf({ args }: Node): string {
  const elements = (args ?? []) as readonly { DefElem?: { defname?: string; arg?: { String?: { sval?: string } } } }[];
  return elements.find(({ DefElem }) => DefElem?.defname === "as")?.DefElem?.arg?.String?.sval ?? "";
}

function withoutComments(code: string): string {
  return code.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, " ");
}
