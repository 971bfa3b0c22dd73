import type { Benchmark } from "./support/context";
export const apply: Benchmark = {
  name: "apply",
  about: "",
  run: async () => ({ title: "", rows: [], targets: [], notes: [] }),
};
