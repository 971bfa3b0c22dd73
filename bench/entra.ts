import type { Benchmark } from "./support/context";
import { startIdentity } from "./support/identity";
import { interleave, run } from "./support/interleave";
import { ours, sealSet } from "./support/ours";
import { tables } from "./support/sets";

const count = 10;

export const entra: Benchmark = {
  name: "entra",
  about: "what a Microsoft Entra token costs a start, with the endpoint on this machine",
  run: async (context) => {
    const { server, dir } = context;
    await server.create("entra");
    const sealed = sealSet(dir, tables(count));
    const url = new URL(server.url("entra"));
    const identity = await startIdentity(url.password);
    try {
      const byPassword = ours(context, "password", sealed, url.href);
      run(byPassword);
      url.password = "";
      const byToken = ours(context, "Entra token", sealed, url.href, {
        env: { DATABASE_AUTH: "entra", ...identity.env },
      });
      const summaries = await interleave([byPassword, byToken], { rounds: context.rounds(40) });
      const [password, token] = summaries.map(({ median }) => median);
      return {
        title: "a start with nothing to do, by password and by Entra token",
        rows: [byPassword, byToken].map(({ label }, index) => ({ label, ...summaries[index] })),
        targets: [
          { what: "a token over a password", measured: (token ?? 0) - (password ?? 0), atMost: 25, unit: "ms" },
        ],
        notes: ["The endpoint answers at once; Azure's takes as long as it takes."],
      };
    } finally {
      identity.stop();
    }
  },
};
