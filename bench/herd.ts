import type { Benchmark } from "./support/context";
export const herd: Benchmark = {
  name: "herd",
  about: "",
  run: async () => ({ title: "", rows: [], targets: [], notes: [] }),
};
