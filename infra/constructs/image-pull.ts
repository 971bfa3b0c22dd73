import type { Construct } from "constructs";
import { ConfigurationError } from "../errors";
import { registryHost, registryOf } from "./image-reference";
import { isLoginServer } from "./image-registry";
import { isUnknown } from "./unknown";

/** What is pulled, and where an identity signs in for it. */
export interface ImagePull {
  readonly image: string;
  readonly registryServer?: string;
  readonly registries?: readonly { readonly server: string }[];
  /** Containers beside the app's and the migrator's. */
  readonly containers?: readonly { readonly name: string; readonly image: string }[];
}

const azureRegistry = /\.azurecr\.(io|us|cn)$/;

/** Registries that know no managed identity, as far as one can tell by the name. */
const foreignRegistry =
  /^((index\.|registry-1\.)?docker\.io|ghcr\.io|mcr\.microsoft\.com|quay\.io|([a-z]+\.)?gcr\.io|public\.ecr\.aws|registry\.k8s\.io|registry\.gitlab\.com|.+\.(pkg\.dev|amazonaws\.com))$/;

/** Refuses images that nobody signs in for, and sign-ins that no image needs: no replica would start, for ever. */
export function requirePullable(scope: Construct, pull: ImagePull): void {
  const construct = scope.node.path;
  const { image, registryServer, registries = [], containers = [] } = pull;
  const servers = [registryServer, ...registries.map(({ server }) => server)].filter((each) => each !== undefined);
  if (registryServer !== undefined) requireServer("registryServer", registryServer, construct);
  for (const { server } of registries) requireServer("registries", server, construct);
  requireEachOnce(servers, construct);

  requireRegistryOfImage(image, registryServer, servers, construct);
  requireSignIn(scope, "image", image, servers, "Name it as 'registryServer'");
  for (const container of containers) {
    requireSignIn(scope, `${container.name}.image`, container.image, servers, "Add it to 'registries'");
  }
}

function requireServer(prop: string, server: string, construct: string): void {
  if (isUnknown(server)) return;
  const host = server
    .toLowerCase()
    .replace(/^[a-z+]*:\/\//, "")
    .replace(/\/.*$/, "");
  if (server !== host || !registryHost.test(host)) {
    throw new ConfigurationError(
      `${construct}: '${prop}' (${server}) must be the registry's host name alone, in lower case, as images begin with it. ` +
        `Write ${registryHost.test(host) ? host : "for instance crshop.azurecr.io"}`,
    );
  }
  if (!/[.:]/.test(host)) {
    throw new ConfigurationError(
      `${construct}: '${prop}' (${server}) must be the registry's login server, not its name alone. Write for instance ` +
        `${host}.azurecr.io`,
    );
  }
  if (foreignRegistry.test(host)) {
    throw new ConfigurationError(
      `${construct}: '${prop}' (${server}) is signed in to as a managed identity, which only Azure's registries know. Leave ` +
        "it out when the image is public; a private one can be copied with 'az acr import'",
    );
  }
}

function requireEachOnce(servers: readonly string[], construct: string): void {
  const twice = servers.find((server, index) => servers.indexOf(server) !== index);
  if (twice === undefined) return;
  throw new ConfigurationError(
    `${construct}: 'registryServer' and 'registries' name ${twice} twice: one sign-in would win. Remove one`,
  );
}

/** Compares only what is known: two values of the deployment may be the same, or not. */
function requireRegistryOfImage(
  image: string,
  registryServer: string | undefined,
  servers: readonly string[],
  construct: string,
): void {
  const host = registryOf(image);
  if (registryServer === undefined || host === undefined || servers.includes(host)) return;
  if ([host, ...servers].some((each) => isUnknown(each))) return;
  throw new ConfigurationError(
    `${construct}: 'registryServer' (${registryServer}) is not where 'image' (${image}) comes from: that is ${host}. ` +
      "Correct one of them, or leave 'registryServer' out when the image is public",
  );
}

function requireSignIn(
  scope: Construct,
  prop: string,
  image: string,
  servers: readonly string[],
  remedy: string,
): void {
  const host = registryOf(image);
  if (host === undefined || servers.includes(host) || servers.some((each) => isUnknown(each))) return;
  // Of a host that is not known yet, one can still tell whose it is.
  const isPrivate = azureRegistry.test(host) || isLoginServer(scope, host);
  if (!isPrivate || (isUnknown(host) && servers.length > 0)) return;
  throw new ConfigurationError(
    `${scope.node.path}: '${prop}' (${image}) comes from a private registry (${host}), and no identity signs in there: the ` +
      `image could not be pulled. ${remedy}`,
  );
}
