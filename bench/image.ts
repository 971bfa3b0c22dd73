import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Benchmark } from "./support/context";
import { run } from "./support/interleave";
import { layOutImage, ours, sealDirectory } from "./support/ours";

export const image: Benchmark = {
  name: "image",
  about: "what the image holds over its base: files and bytes",
  run: async (context) => {
    const sealed = sealDirectory(join(__dirname, "../migrator/migrations"), join(context.dir, "migrations"));
    // The image carries what its first start compiled.
    const app = layOutImage(context.dir);
    await context.server.create("image");
    run(ours({ ...context, app }, "start", sealed, context.server.url("image")));
    const files = [...list(join(app, "dist")), ...list(sealed)];
    const megabytes = files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
    return {
      title: "what the image holds over its base",
      unit: "MB",
      rows: files.map(({ name, bytes }) => ({
        label: name,
        median: bytes / 1e6,
        low: bytes / 1e6,
        high: bytes / 1e6,
        n: 1,
      })),
      targets: [
        { what: "size", measured: megabytes, atMost: 5, unit: "MB" },
        { what: "files", measured: files.length, atMost: 20, unit: "files" },
      ],
      notes: [
        "The sum of what the Dockerfile's last stage copies; the container tests print the layers of a built image.",
      ],
    };
  },
};

function list(directory: string): { name: string; bytes: number }[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({ name: entry.name, bytes: statSync(join(entry.parentPath, entry.name)).size }));
}
