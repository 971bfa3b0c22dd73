// Prints what publint and @arethetypeswrong/core find in a tarball, as JSON. Both are modules, which Jest does not load.
import { readFileSync } from "node:fs";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

const data = readFileSync(process.argv[2]);
const { messages, pkg } = await publint({
  pack: { tarball: data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) },
});
const { problems } = await checkPackage(createPackageFromTarballData(new Uint8Array(data)));
console.log(JSON.stringify({ publint: messages.map((message) => formatMessage(message, pkg)), types: problems }));
