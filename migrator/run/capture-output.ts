type Write = typeof process.stdout.write;

/** Text that a line is not complete of yet. */
export interface OutputBuffer {
  output: string;
}

/**
 * Takes what some code writes to this process's standard output and error: it would stand in the middle of JSON lines.
 *
 * @param bufferOf the buffer of the code that runs now; nothing for code whose output is its own.
 * @param print told each line.
 * @returns stops it.
 */
export function captureOutput<B extends OutputBuffer>(
  bufferOf: () => B | undefined,
  print: (line: string, buffer: B) => void,
): () => void {
  const restore = [process.stdout, process.stderr].map((stream) => {
    const { write } = stream;
    stream.write = ((...given: Parameters<Write>) => {
      const buffer = bufferOf();
      return buffer ? take(given, buffer, print) : Reflect.apply(write, stream, given);
    }) as Write;
    return () => {
      stream.write = write;
    };
  });
  return () => {
    for (const undo of restore) {
      undo();
    }
  };
}

function take<B extends OutputBuffer>(given: Parameters<Write>, buffer: B, print: (line: string, buffer: B) => void) {
  const [chunk] = given;
  const lines = (buffer.output + (typeof chunk === "string" ? chunk : Buffer.from(chunk).toString())).split("\n");
  buffer.output = lines.pop() ?? "";
  for (const line of lines) {
    print(line, buffer);
  }
  const done = given.find((argument) => typeof argument === "function") as (() => void) | undefined;
  if (done) {
    process.nextTick(done);
  }
  return true;
}

/** Sends what some code writes to standard output to standard error: what is printed there is for another program. */
export async function withOutputAside<T>(code: () => Promise<T>): Promise<T> {
  const { stdout, stderr } = process;
  const { write } = stdout;
  stdout.write = stderr.write.bind(stderr);
  try {
    return await code();
  } finally {
    stdout.write = write;
  }
}
