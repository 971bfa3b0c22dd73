import type { Problem } from "../errors";
import { blankLength } from "./blank";
import { parseMarkerOptions } from "./marker-options";
import { type Direction, findMarkers, type Marker } from "./markers";
import type { SqlSection } from "./migration";

/** A parsed SQL migration, or everything wrong with it. */
export interface ParsedSql {
  readonly up?: SqlSection;
  readonly down?: SqlSection;
  readonly problems: readonly Problem[];
}

/**
 * Parses one SQL migration in dbmate's format: `-- migrate:up [options]`, statements, `-- migrate:down [options]`,
 * statements.
 *
 * @param text the file's text, LF line ends.
 * @param file path for messages.
 */
export function parseSqlMigration(text: string, file: string): ParsedSql {
  const problems: Problem[] = [];
  const lines = text.split("\n");
  const { markers, others } = findMarkers(text, file, problems);
  const up = markers.filter((marker) => marker.direction === "up");
  const down = markers.filter((marker) => marker.direction === "down");
  if (up.length !== 1) {
    problems.push(markerCountProblem(file, "up", up));
  }
  if (down.length > 1) {
    problems.push(markerCountProblem(file, "down", down));
  }
  const isMissing = (wanted: Direction) => markers.every(({ direction }) => direction !== wanted);
  problems.push(...others.filter(({ direction }) => isMissing(direction)).map(({ problem }) => problem));
  const [first] = markers;
  if (first && !isEmpty(lines.slice(0, first.line - 1).join("\n"))) {
    problems.push({
      code: "statements-before-marker",
      message: `${file}: there are statements before line ${first.line}'s "-- migrate:${first.direction}": they would never run`,
      hint: "Move them below the marker.",
    });
  }
  const section = (marker: Marker | undefined) => marker && readSection(marker, markers, lines, file, problems);
  const sections = { up: section(up[0]), down: section(down[0]) };
  if (sections.up && isEmpty(sections.up.sql)) {
    problems.push(emptyUp(file, sections.up.firstLine));
  }
  return { ...sections, problems };
}

function markerCountProblem(file: string, direction: Direction, found: readonly Marker[]): Problem {
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
    ...parseMarkerOptions(marker.options, `${file}:${marker.line}`, problems),
  };
}

/** Whether a section holds nothing but white space and comments. */
export function isEmpty(sql: string): boolean {
  return blankLength(sql) === sql.length;
}

/**
 * Reads a file that is one direction as a whole, as golang-migrate has them. Its first line may be a marker that carries
 * options; any other is a problem, for its options would not count and its statements would run in the wrong direction.
 *
 * @param text the file's text, LF line ends.
 * @param problems receives what is wrong with it.
 */
export function parseWholeFile(direction: Direction, text: string, file: string, problems: Problem[]): SqlSection {
  const { markers, others } = findMarkers(text, file, problems);
  const [first] = markers.filter((marker) => marker.line === 1 && marker.direction === direction);
  problems.push(...markers.filter((marker) => marker !== first).map((marker) => strayMarker(file, direction, marker)));
  problems.push(...others.filter((other) => other.direction !== direction).map(({ problem }) => problem));
  if (direction === "up" && isEmpty(text)) {
    problems.push(emptyUp(file, 1));
  }
  const parsed = parseMarkerOptions(first?.options ?? "", `${file}:1`, problems);
  return { ...parsed, sql: text, firstLine: 1, file };
}

function strayMarker(file: string, whole: Direction, { direction, line }: Marker): Problem {
  return {
    code: "stray-marker",
    message: `${file}:${line}: "-- migrate:${direction}" counts for nothing here: all of this file is the ${whole} direction`,
    hint:
      `Options stand behind "-- migrate:${whole}" on line 1. Another direction is a file of its own, or both are sections of ` +
      "one file whose name has no .up and .down.",
  };
}

function emptyUp(file: string, line: number): Problem {
  return {
    code: "empty-up",
    message: `${file}:${line}: the up section has no statement`,
    hint: "Write one, or delete the file.",
  };
}
