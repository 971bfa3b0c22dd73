import { existsSync } from "node:fs";
import { writeSet } from "../support/ours";
import { inModules, installedVersion } from "./installed";
import type { Peer } from "./peer";

const program = inModules(`@dbmate/${process.platform}-${process.arch}/bin/dbmate`);

/** dbmate, in Go; our own format of files is its. */
export const dbmate: Peer = {
  name: "dbmate",
  find: () => (existsSync(program) ? installedVersion("dbmate") : { absent: "it has no binary for this platform" }),
  prepare: (dir, migrations) => {
    writeSet(dir, migrations);
    return (url) => ({
      command: [program, "--url", `${url}?sslmode=disable`, "--migrations-dir", dir, "--no-dump-schema", "migrate"],
    });
  },
};
