import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { exitCodes, SchemagateError } from "../../migrator/errors";
import type { TemplateFile } from "./templates";

/**
 * Writes files that are not there; never over one that is.
 *
 * @returns their paths.
 * @throws usage (exit 2) at the first that cannot be written, with what was written before it.
 */
export async function writeFiles(directory: string, files: readonly TemplateFile[]): Promise<string[]> {
  const written: string[] = [];
  for (const { path, text } of files) {
    const file = join(directory, path);
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text, { flag: "wx" });
    } catch (cause) {
      throw new SchemagateError({
        code: "not-written",
        message: `${file} cannot be written: ${(cause as Error).message}. Written before: ${written.join(", ") || "nothing"}`,
        hint: "Mend that, and run this again: it goes on with what is missing.",
        exitCode: exitCodes.usage,
        cause,
      });
    }
    written.push(path);
  }
  return written;
}
