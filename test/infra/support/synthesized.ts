import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AzurermProvider } from "@cdktf/provider-azurerm/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import type { Construct } from "constructs";
import { type ComposeOptions, composeApp } from "../../../infra/compose";
import { loadSettings } from "../../../infra/environments";
import { type StackId, stackIds } from "../../../infra/naming";

/** A JSON object of which a test knows the shape. */
// biome-ignore lint/suspicious/noExplicitAny: Terraform's JSON has a different shape per resource type
export type Json = Record<string, any>;

/** One synthesized stack. */
export interface SynthesizedStack {
  /** The bytes of cdk.tf.json. */
  readonly text: string;
  readonly json: Json;
}

export type SynthesizedApp = Readonly<Record<StackId, SynthesizedStack>>;

/** Composes an environment exactly as infra/main.ts does and reads what was written. */
export function synthesize(environment: string, options: Partial<ComposeOptions> = {}): SynthesizedApp {
  const outdir = mkdtempSync(join(tmpdir(), "schemagate-infra-"));
  try {
    const settings = loadSettings(environment);
    composeApp({ settings, packageVersion: "1.2.3", outdir, ...options }).app.synth();
    const read = (stack: StackId): SynthesizedStack => {
      const text = readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8");
      return { text, json: JSON.parse(text) };
    };
    return Object.fromEntries(stackIds.map((stack) => [stack, read(stack)])) as Record<StackId, SynthesizedStack>;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Synthesizes one stack with what `fill` puts into it, validations included. */
export function synthesizeStack(fill: (stack: TerraformStack) => void): Json {
  const stack = new TerraformStack(Testing.app(), "test");
  new AzurermProvider(stack, "azurerm", { features: [{}] });
  fill(stack);
  // Without `true` cdktf's Testing skips every validation.
  return JSON.parse(Testing.synth(stack, true));
}

/** What a construct throws while it is put into a stack. */
export function constructing(create: (scope: Construct) => unknown): () => void {
  return () => void create(new TerraformStack(Testing.app(), "test"));
}

/** Every resource of a type, by logical id; fails when there is none, so that no assertion over all of them is empty. */
export function resourcesOfType(stack: Json, type: string): [id: string, resource: Json][] {
  const found = Object.entries((stack.resource?.[type] ?? {}) as Record<string, Json>);
  if (found.length === 0) throw new Error(`no ${type} in this stack`);
  return found;
}

/** The only resource of a type. */
export function onlyResource(stack: Json, type: string): Json {
  const found = resourcesOfType(stack, type);
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`${found.length} resources of type ${type}, not one`);
  return first[1];
}

/** Every address of a stack as Terraform writes it, sorted. */
export function addressesOf(stack: Json): string[] {
  const managed = Object.entries((stack.resource ?? {}) as Record<string, Json>).flatMap(([type, resources]) =>
    Object.keys(resources).map((id) => `${type}.${id}`),
  );
  const read = Object.entries((stack.data ?? {}) as Record<string, Json>).flatMap(([type, resources]) =>
    Object.keys(resources).map((id) => `data.${type}.${id}`),
  );
  return [...managed, ...read].sort();
}
