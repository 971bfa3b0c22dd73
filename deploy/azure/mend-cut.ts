/** What is needed of a line to find its other pieces. */
interface Piece {
  readonly replica: string;
  readonly line: string;
}

/** Container runtimes cut a line at 16 KiB, the log's agent at 32: a piece that goes on is as long, but for a cut character. */
const shortestCut = 16_000;

/** How many lines are looked through for the rest: lines of others, and of the same process, come in between. */
const longestSearch = 32;

/** Puts JSON lines together that the platform cut into pieces, each at the place of its first piece. */
export function mendCut<T extends Piece>(pieces: readonly T[]): readonly T[] {
  if (!pieces.some(isCut)) return pieces;
  const used = new Set<T>();
  const mended: T[] = [];
  for (const [place, piece] of pieces.entries()) {
    if (used.has(piece)) continue;
    const rest = isCut(piece) ? findRest(piece, pieces.slice(place + 1, place + 1 + longestSearch), used) : [];
    for (const part of rest) used.add(part);
    mended.push({ ...piece, line: [piece, ...rest].map(({ line }) => line).join("") });
  }
  return mended;
}

/** The pieces that make it a whole line, in order; none where they are not there. */
function findRest<T extends Piece>(first: T, behind: readonly T[], used: ReadonlySet<T>): T[] {
  const rest: T[] = [];
  let text = first.line;
  for (const piece of behind) {
    if (piece.replica !== first.replica || used.has(piece)) continue;
    if (isJson(text + piece.line)) return [...rest, piece];
    if (!isLong(piece.line) || isJson(piece.line)) continue;
    rest.push(piece);
    text += piece.line;
  }
  return [];
}

function isCut({ line }: Piece): boolean {
  return line.startsWith("{") && isLong(line) && !isJson(line);
}

function isLong(line: string): boolean {
  return Buffer.byteLength(line) >= shortestCut;
}

function isJson(text: string): boolean {
  if (!text.endsWith("}")) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
