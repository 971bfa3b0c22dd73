import { sqlOption } from "./command-options";
import { identifier, roleName } from "./parsers";
import { defineOption } from "./read-options";

function objectId(text: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) {
    throw new Error("must be an object id: 8-4-4-4-12 hexadecimal digits");
  }
  return text.toLowerCase();
}

/** Options of `bootstrap`. Passwords are variables only: a command line is for everyone on the machine to see. */
export const bootstrapOptions = {
  schema: defineOption({
    flags: "--schema <name>",
    env: "SCHEMAGATE_SCHEMA",
    about: "schema of the app's tables",
    fallback: "app",
    parse: identifier,
  }),
  migratorRole: defineOption<string | undefined>({
    flags: "--migrator-role <name>",
    env: "SCHEMAGATE_MIGRATOR_ROLE",
    about:
      "role that migrates: owns the app's schema and the ledger's; the password of a plain role comes from " +
      "SCHEMAGATE_MIGRATOR_PASSWORD",
    parse: roleName,
  }),
  appRole: defineOption<string | undefined>({
    flags: "--app-role <name>",
    env: "SCHEMAGATE_APP_ROLE",
    about:
      "role of the app: reads and writes tables, reads the ledger; may be the migrator's; the password of a plain role " +
      "comes from SCHEMAGATE_APP_PASSWORD",
    parse: roleName,
  }),
  migratorObjectId: defineOption<string | undefined>({
    flags: "--migrator-object-id <id>",
    env: "SCHEMAGATE_MIGRATOR_OBJECT_ID",
    about: "Microsoft Entra object id of the migrator's identity; makes its role an Entra principal",
    parse: objectId,
  }),
  appObjectId: defineOption<string | undefined>({
    flags: "--app-object-id <id>",
    env: "SCHEMAGATE_APP_OBJECT_ID",
    about: "Microsoft Entra object id of the app's identity",
    parse: objectId,
  }),
  sql: { ...sqlOption, about: "print an SQL script for psql instead; needs no database" },
};
