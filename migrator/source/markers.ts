import type { Problem } from "../errors";
import { quotedParts } from "./quoted";

export type Direction = "up" | "down";

/** A line that begins a direction. */
export interface Marker {
  readonly direction: Direction;
  readonly options: string;
  /** From 1. */
  readonly line: number;
}

const markerPattern = /^--\s*migrate:(\w+)(?:\s+(.*?))?\s*$/;
/** What was meant to be a marker: were it taken for a comment, the statements of `down` would run as part of `up`. */
const almostMarker = /^\s*-{2,}\s*migrate\s*[:：]\s*(up|down)\b/i;
/** What may be meant to be one, where there is no other of its direction: other words, other tools' markers. */
const otherMarkers = [
  /^\s*(?:-{2,}\s*\+?|\/\*+\s*)(?:migrat(?:e|ions?)|goose)[\s:_-]+(up|down)\s*;?\s*(?:\*\/)?\s*$/i,
  /^\s*-{2,}\s*(up|down)[\s_-]+migrations?\s*$/i,
];
/** It changes what a quote is, so that quotes cannot be read. */
const unreadable = /standard_conforming_strings/i;

const spelling =
  'Markers are "-- migrate:up" and "-- migrate:down", from the beginning of a line, with options behind them.';

/** What a text holds of markers. */
export interface Markers {
  readonly markers: readonly Marker[];
  /** Lines that mark a direction in another way; comments, where the direction has its marker elsewhere. */
  readonly others: readonly { readonly direction: Direction; readonly problem: Problem }[];
}

/**
 * Finds the markers of a text; what is quoted or commented out is none.
 *
 * @param file path for messages.
 * @param problems receives what was meant to be a marker and is none.
 */
export function findMarkers(text: string, file: string, problems: Problem[]): Markers {
  const lines = text.split("\n");
  const candidates = lines.flatMap((line, index) => (isCandidate(line) ? [{ line, number: index + 1 }] : []));
  const isHidden = hiding(text, candidates.at(-1)?.number ?? 0, file, problems);
  const markers: Marker[] = [];
  const others: { direction: Direction; problem: Problem }[] = [];
  for (const { line, number } of candidates) {
    const [, direction, options = ""] = markerPattern.exec(line) ?? [];
    const problem = { code: "unknown-marker", message: `${file}:${number}: "${line}" is no marker`, hint: spelling };
    if (isHidden(number, line)) {
      continue;
    }
    if (direction === "up" || direction === "down") {
      markers.push({ direction, options, line: number });
    } else if (direction !== undefined || almostMarker.test(line)) {
      problems.push(problem);
    } else {
      others.push({ direction: otherDirection(line) ?? "down", problem });
    }
  }
  return { markers, others };
}

function isCandidate(line: string): boolean {
  return markerPattern.test(line) || almostMarker.test(line) || otherDirection(line) !== undefined;
}

function otherDirection(line: string): Direction | undefined {
  const found = otherMarkers.map((pattern) => pattern.exec(line)?.[1]?.toLowerCase()).find(Boolean);
  return found as Direction | undefined;
}

/** @returns whether a line lies in quotes or in a comment; where those do not end, that is a problem. */
function hiding(text: string, last: number, file: string, problems: Problem[]) {
  if (last === 0 || unreadable.test(text)) {
    return () => false;
  }
  const starts = lineStarts(text);
  const end = starts[last - 1] ?? 0;
  const parts: { what: string; from: number; to: number; isClosed: boolean }[] = [];
  for (const { what, start, end: behind, isClosed } of quotedParts(text)) {
    if (start >= end) {
      break;
    }
    const [from, to] = [lineAt(starts, start), lineAt(starts, behind)];
    if (to > from && !text.startsWith("--", start)) {
      parts.push({ what, from, to, isClosed });
    }
  }
  return (number: number, line: string): boolean => {
    const part = parts.find(({ from, to }) => from < number && number <= to);
    if (part && !part.isClosed) {
      problems.push({
        code: "hidden-marker",
        message: `${file}:${number}: "${line}" is no marker: it lies in ${part.what} that begins on line ${part.from} and does not end`,
        hint: "End it where it should. A marker counts outside of quotes and comments only.",
      });
    }
    return part !== undefined;
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) {
    starts.push(at + 1);
  }
  return starts;
}

/** The line of an offset, from 1. */
function lineAt(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    [low, high] = (starts[middle] ?? 0) <= offset ? [middle, high] : [low, middle];
  }
  return low + 1;
}
