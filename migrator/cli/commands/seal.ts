import { resolve } from "node:path";
import { exitCodes } from "../../errors";
import { count } from "../../events/words";
import { outOption, readOptions, sourceOptions } from "../../settings";
import { loadSource } from "../../source/load";
import { sealMigrations } from "../../source/seal";
import type { Command } from "./command";

const options = { ...sourceOptions, out: outOption };

export const seal: Command = {
  name: "seal",
  about: "write the migrations as an image carries them: checked, compiled, with checksums",
  examples: ["schemagate seal --out build/migrations"],
  options,
  run: async (given, context) => {
    const { dir, out } = readOptions(options, given, context.env);
    const source = await loadSource(dir);
    await sealMigrations(source, resolve(out));
    context.output.result(
      { event: "sealed", out, migrations: source.migrations.map(({ name }) => name) },
      () => `sealed ${count(source.migrations.length, "migration")} in ${out}`,
    );
    return exitCodes.ok;
  },
};
