#!/usr/bin/env node
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";
import { join } from "node:path";

/** Node has it from 22.1 on; without it a start only takes longer. */
const { enableCompileCache } = nodeModule as { enableCompileCache?: (directory?: string) => unknown };

// An image brings its compiled code along; elsewhere Node keeps it in the directory for temporary files.
const ofImage = join(__dirname, "compile-cache");
enableCompileCache?.(existsSync(ofImage) ? ofImage : undefined);

void import("./cli").then(({ main }) => main());
