import { runAzureCli } from "../azure-cli";
import type { Target } from "../target";
import type { OwnImage } from "./image";

/** What a registry says of a tag. */
export type Lookup =
  | { readonly state: "found"; readonly digest: string }
  | { readonly state: "missing" }
  | { readonly state: "unknown"; readonly why: string };

/** The registry's words for a tag, or a repository, that it does not have. */
const isMissing = /\b(manifest|repository|tag)\b[^\n]* not found|manifest unknown|(MANIFEST|NAME|TAG)_UNKNOWN/i;

/** Asks the platform's registry which image a tag names now, or whether it has a digest. */
export async function lookUp({ registry }: Target, { name }: OwnImage): Promise<Lookup> {
  const image = ["--name", registry, "--image", name];
  const show = ["acr", "repository", "show", ...image, "--query", "digest", "--output", "tsv"];
  try {
    const { exitCode, stdout, output } = await runAzureCli(show);
    const digest = /\bsha256:[0-9a-f]{64}\b/.exec(stdout)?.[0];
    if (exitCode === 0 && digest !== undefined) return { state: "found", digest };
    if (exitCode !== 0 && isMissing.test(output)) return { state: "missing" };
    const said = output.trim().split("\n").at(-1) || "it named no digest";
    return { state: "unknown", why: `'az acr repository show' ended with ${exitCode}: ${said}` };
  } catch {
    return { state: "unknown", why: "there is no Azure CLI (az) on PATH to ask it with" };
  }
}
