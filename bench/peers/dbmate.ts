import { existsSync } from "node:fs";
import { writeSet } from "../support/ours";
import { inModules, installedVersion } from "./installed";
import type { Peer } from "./peer";

const packageName = `@dbmate/${process.platform}-${process.arch}`;
const program = inModules(packageName, "bin/dbmate");

/** dbmate, in Go; our own format of files is its. */
export const dbmate: Peer = {
  name: "dbmate",
  find: () =>
    existsSync(program) ? installedVersion(packageName) : { absent: "its binary for Linux on x64 alone is installed" },
  prepare: (dir, migrations) => {
    writeSet(dir, migrations);
    return (url) => ({
      command: [program, "--url", `${url}?sslmode=disable`, "--migrations-dir", dir, "--no-dump-schema", "migrate"],
    });
  },
};
