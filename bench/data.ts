import type { Benchmark } from "./support/context";
export const data: Benchmark = {
  name: "data",
  about: "",
  run: async () => ({ title: "", rows: [], targets: [], notes: [] }),
};
