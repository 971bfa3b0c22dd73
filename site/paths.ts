import { join } from "node:path";

/** The repository. */
export const root = join(__dirname, "..");

/** This directory. */
export const site = __dirname;

/** The pages. */
export const docs = join(root, "docs");

/** The built site. */
export const built = join(root, "build/site");
