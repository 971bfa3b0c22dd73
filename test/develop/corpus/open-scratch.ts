import { type Scratch, withScratch } from "../../../develop/scratch/scratch";
import { besideTarget, quietContext } from "../support/scratch";

/** Scratch databases for as long as a test file, or a run of the benchmark, needs them. */
export interface OpenScratch {
  readonly scratch: Scratch;
  /** Drops all of them. */
  readonly close: () => Promise<void>;
}

/** Opens scratch databases beside a database. */
export function openScratch(databaseUrl: string): Promise<OpenScratch> {
  return new Promise((resolve, reject) => {
    let end: () => void = () => undefined;
    const ended = new Promise<void>((done) => {
      end = done;
    });
    const running = withScratch(besideTarget(databaseUrl), quietContext(), async (scratch) => {
      const close = () => {
        end();
        return running;
      };
      resolve({ scratch, close });
      await ended;
    });
    running.catch(reject);
  });
}
