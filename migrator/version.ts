import { version as packageVersion } from "../package.json";

/** Version of schemagate. */
export const version: string = packageVersion;
