import type { Problem } from "../errors";
import type { SqlSection } from "./migration";

/** A parsed SQL migration, or everything wrong with it. */
export interface ParsedSql {
  readonly up?: SqlSection;
  readonly down?: SqlSection;
  readonly problems: readonly Problem[];
}

interface Marker {
  readonly direction: "up" | "down";
  readonly options: string;
  /** From 1. */
  readonly line: number;
}

const markerPattern = /^--\s*migrate:(\w+)(?:\s+(.*?))?\s*$/;

/**
 * Parses one SQL migration in dbmate's format: `-- migrate:up [options]`, statements, `-- migrate:down [options]`,
 * statements. Known option: `transaction:false`.
 *
 * @param text the file's text, LF line ends.
 * @param file path for messages.
 */
export function parseSqlMigration(text: string, file: string): ParsedSql {
  const problems: Problem[] = [];
  const lines = text.split("\n");
  const markers = findMarkers(lines, file, problems);
  const up = markers.filter((marker) => marker.direction === "up");
  const down = markers.filter((marker) => marker.direction === "down");
  if (up.length !== 1) {
    problems.push(markerCountProblem(file, "up", up));
  }
  if (down.length > 1) {
    problems.push(markerCountProblem(file, "down", down));
  }
  const [first] = markers;
  if (first && lines.slice(0, first.line - 1).some((line) => line.trim() !== "" && !line.startsWith("--"))) {
    problems.push({
      code: "statements-before-marker",
      message: `${file}: there are statements before line ${first.line}'s "-- migrate:${first.direction}": they would never run`,
      hint: "Move them below the marker.",
    });
  }
  const section = (marker: Marker | undefined) => marker && readSection(marker, markers, lines, file, problems);
  const sections = { up: section(up[0]), down: section(down[0]) };
  if (sections.up && isEmpty(sections.up.sql)) {
    problems.push({
      code: "empty-up",
      message: `${file}:${sections.up.firstLine}: the up section has no statement`,
      hint: "Write one, or delete the file.",
    });
  }
  return { ...sections, problems };
}

function findMarkers(lines: readonly string[], file: string, problems: Problem[]): Marker[] {
  return lines.flatMap((line, index): Marker[] => {
    const match = markerPattern.exec(line);
    if (!match) {
      return [];
    }
    const [, direction, options = ""] = match;
    if (direction === "up" || direction === "down") {
      return [{ direction, options, line: index + 1 }];
    }
    problems.push({
      code: "unknown-marker",
      message: `${file}:${index + 1}: "-- migrate:${direction}" is no marker`,
      hint: 'Markers are "-- migrate:up" and "-- migrate:down".',
    });
    return [];
  });
}

function markerCountProblem(file: string, direction: "up" | "down", found: readonly Marker[]): Problem {
  if (found.length === 0) {
    return {
      code: "no-marker",
      message: `${file}: there is no "-- migrate:${direction}" line, so nothing in it would run`,
      hint: `Put "-- migrate:${direction}" on a line of its own above the statements.`,
    };
  }
  return {
    code: "duplicate-marker",
    message: `${file}: "-- migrate:${direction}" stands on lines ${found.map((marker) => marker.line).join(" and ")}`,
    hint: "Keep one, and split the rest into a migration of its own.",
  };
}

function readSection(
  marker: Marker,
  markers: readonly Marker[],
  lines: readonly string[],
  file: string,
  problems: Problem[],
): SqlSection {
  const next = markers.find((other) => other.line > marker.line);
  const sql = lines.slice(marker.line, next ? next.line - 1 : undefined).join("\n");
  return {
    sql,
    firstLine: marker.line + 1,
    transaction: parseOptions(marker, file, problems).transaction,
  };
}

function parseOptions(marker: Marker, file: string, problems: Problem[]): { transaction: boolean } {
  let transaction = true;
  for (const option of marker.options.split(/\s+/).filter(Boolean)) {
    if (option === "transaction:false" || option === "transaction:true") {
      transaction = option === "transaction:true";
    } else {
      problems.push({
        code: "unknown-option",
        message: `${file}:${marker.line}: "${option}" is no option of "-- migrate:${marker.direction}"`,
        hint: "The option is transaction:false.",
      });
    }
  }
  return { transaction };
}

/** Whether a section holds nothing but white space and line comments. */
export function isEmpty(sql: string): boolean {
  return sql.split("\n").every((line) => /^\s*(--.*)?$/.test(line));
}
