import { count, type Style } from "../../migrator/events/words";
import { describeDifferences } from "../catalog/describe";
import type { WrittenMigrations } from "./generate";
import type { Loss } from "./losses";
import type { ProofProblem } from "./prove";

/** A failure of the proof, in lines. */
export function describeProblem({ stage, message, differences }: ProofProblem): string[] {
  const words =
    stage === "down" ? { expected: "before", actual: "after down" } : { expected: "the models", actual: "after up" };
  return [
    `${stage}: ${message ?? `${count(differences.length, "difference")} left`}`,
    ...describeDifferences(differences, words).map((line) => `  ${line}`),
  ];
}

/** What was written, as a person reads it. */
export function describeWritten(written: WrittenMigrations, style: Style): string {
  const { files, proof, losses, lookAlikes, complaints } = written;
  if (files.length === 0 && proof.ok) {
    return "nothing to do: the migrations lead to what the models say";
  }
  return [
    ...files.map(({ path, text }) => (written.written ? `${style.green("created")} ${path}` : `-- ${path}\n${text}`)),
    ...losses.map((loss) => describeLoss(loss, style)),
    ...lookAlikes.map(({ kind, from, to, hint }) =>
      style.yellow(
        `${kind} ${from} is dropped and ${to} added. If it is a rename, delete the file and say so: --rename '${hint}'`,
      ),
    ),
    ...(proof.ok
      ? [style.green("proven: up, down and up again, every catalog compared")]
      : [
          style.red(files.length > 0 ? "not proven: finish the file by hand" : "no statement was found that does it"),
          ...proof.problems.flatMap(describeProblem),
          ...complaints.map((complaint) => complaint.split("\n")[0] ?? ""),
        ]),
  ].join("\n");
}

function describeLoss({ direction, severity, object, what }: Loss, style: Style): string {
  const line = `${direction}: ${object} ${what}`;
  return severity === "lost" ? style.red(`loses data, ${line}`) : style.yellow(`at risk, ${line}`);
}
