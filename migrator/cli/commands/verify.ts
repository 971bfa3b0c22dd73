import type { Finding, Verification, VerifiedMigration } from "../../../develop/verify/finding";
import { exitCodes } from "../../errors";
import { count, type Style } from "../../events/words";
import { databaseOptions, readOptions, scratchOptions, sourceOptions, verifyOptions } from "../../settings";
import type { Command } from "./command";
import { loadDevelop } from "./load-develop";

const options = { ...sourceOptions, ...databaseOptions, ...scratchOptions, ...verifyOptions };

export const verify: Command = {
  name: "verify",
  about: "prove on a scratch database that every migration goes up, down and up again, and that rows survive it",
  examples: [
    "schemagate verify",
    "schemagate verify --from 20260120083000",
    "schemagate verify --with-data test/rows.sql",
    "schemagate verify --scratch-url embedded",
  ],
  options,
  run: async (given, context) => {
    const settings = readOptions(options, given, context.env);
    const { runVerify } = await loadDevelop();
    const verified = await runVerify(settings, context, (migration) =>
      context.output.result({ event: "verified", ...migration }, (style) => describeMigration(migration, style)),
    );
    const ok = isGood(verified);
    const { migrations, findings, revertedTo } = verified;
    const facts = { event: "verify", ok, migrations: migrations.length, revertedTo, findings };
    context.output.result(facts, (style) => describeWhole(verified, style));
    return ok ? exitCodes.ok : exitCodes.notCurrent;
  },
};

function isGood({ migrations, findings }: Verification): boolean {
  return findings.length === 0 && migrations.every(({ result }) => result !== "failed");
}

function describeMigration({ name, result, findings }: VerifiedMigration, style: Style): string {
  if (result === "applied") {
    return `${style.yellow("○")} ${name}  ${style.dim("has no down: applied only")}`;
  }
  const mark = result === "verified" ? style.green("✔") : style.red("✖");
  return [`${mark} ${name}`, ...describeFindings(findings, "  ")].join("\n");
}

function describeFindings(findings: readonly Finding[], indent: string): string[] {
  return findings.flatMap(({ message, code, lines }) => [
    `${indent}${message} [${code}]`,
    ...lines.map((line) => `${indent}  ${line}`),
  ]);
}

function describeWhole(verified: Verification, style: Style): string {
  const { migrations, findings, revertedTo } = verified;
  const number = (wanted: VerifiedMigration["result"]) => migrations.filter(({ result }) => result === wanted).length;
  const failed = number("failed");
  const applied = number("applied");
  const together = revertedTo ? `down to ${revertedTo} and up again` : "all down and all up again";
  return [
    ...findings.map((finding) => `${style.red("✖")} ${describeFindings([finding], "").join("\n")}`),
    [
      `${count(number("verified"), "migration")} verified`,
      ...(applied > 0 ? [`${applied} without a down applied only`] : []),
      ...(failed > 0 ? [`${failed} failed`] : []),
      `together: ${together}${findings.length > 0 ? ` ${style.red("failed")}` : ""}`,
    ].join(", "),
  ].join("\n");
}
