// CDK Terrain's own installation: beside the project's, because nothing but `synth:cdktn` and its tests needs 270 MB of it.
import { join } from "node:path";
import { installBeside } from "./install-beside";

export const cdktnDirectory = join(__dirname, "..", "cdktn");

const modules = join(cdktnDirectory, "node_modules");

/** Where each package that infra/ imports is found under CDK Terrain. */
export const cdktnPackages: Readonly<Record<string, string>> = {
  cdktf: join(modules, "cdktn"),
  constructs: join(modules, "constructs"),
  "@cdktf/provider-azurerm": join(modules, "@cdktn", "provider-azurerm"),
};

/** Installs CDK Terrain, unless it is there. */
export function installCdktn(): void {
  installBeside(cdktnDirectory);
}
