import { createServer } from "node:net";
import type { Story } from "./story";

/** The port that was asked for; else the synthesized one, or another free one when that is in use. */
export async function choosePort(asked: number | undefined, target: number, story: Story): Promise<number> {
  if (asked !== undefined && asked !== 0) {
    return asked;
  }
  const preferred = asked ?? target;
  try {
    return await claimPort(preferred);
  } catch {
    const other = await claimPort(0);
    story.note(`port ${preferred} is in use, taking ${other}`);
    return other;
  }
}

/** Finds out whether a port is free; 0 finds one. */
function claimPort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : port));
    });
  });
}
