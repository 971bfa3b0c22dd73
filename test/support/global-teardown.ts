import { rmSync } from "node:fs";

export default async function globalTeardown(): Promise<void> {
  const { testCluster } = globalThis;
  if (testCluster) {
    await testCluster.cluster.stop();
    for (const dir of testCluster.dirs) {
      rmSync(dir, { recursive: true, force: true });
    }
  }
}
