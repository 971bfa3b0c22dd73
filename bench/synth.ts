import type { Benchmark } from "./support/context";
export const synth: Benchmark = {
  name: "synth",
  about: "",
  run: async () => ({ title: "", rows: [], targets: [], notes: [] }),
};
