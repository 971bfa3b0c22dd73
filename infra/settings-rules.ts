import * as z from "zod";
import { containsCidr, overlapsCidr, parseCidr } from "./cidr";
import { resourceNames } from "./naming";

/**
 * What single settings cannot say: two that contradict each other. A rule names the settings it reads, and is asked
 * whenever those are well formed, so that a typo elsewhere never hides a contradiction from the report.
 */
interface Rule {
  readonly findProblems: (input: unknown) => string[];
}

function rule<T>(reads: z.ZodType<T>, check: (settings: T) => string[]): Rule {
  return {
    findProblems: (input) => {
      const result = reads.safeParse(input);
      return result.success ? check(result.data) : [];
    },
  };
}

const when = (broken: boolean, problem: string): string[] => (broken ? [problem] : []);

const subnets = z.object({
  network: z.object({ addressSpace: z.string(), containerAppsSubnet: z.string(), postgresSubnet: z.string() }),
});

const subnetsFitTheNetwork = rule(subnets, ({ network }) => {
  const space = parseCidr(network.addressSpace);
  if (space === undefined) return [];
  return (["containerAppsSubnet", "postgresSubnet"] as const).flatMap((name) => {
    const subnet = parseCidr(network[name]);
    return when(
      subnet !== undefined && !containsCidr(space, subnet),
      `network.${name} (${network[name]}): lies outside network.addressSpace (${network.addressSpace}). ` +
        "Choose a range inside it or enlarge the address space",
    );
  });
});

const subnetsAreApart = rule(subnets, ({ network }) => {
  const apps = parseCidr(network.containerAppsSubnet);
  const postgres = parseCidr(network.postgresSubnet);
  return when(
    apps !== undefined && postgres !== undefined && overlapsCidr(apps, postgres),
    `network.postgresSubnet (${network.postgresSubnet}): overlaps network.containerAppsSubnet ` +
      `(${network.containerAppsSubnet}), and each delegated subnet belongs to one service. Choose ranges that are apart`,
  );
});

const availability = z.object({
  production: z.boolean(),
  postgres: z.object({ highAvailability: z.boolean().optional() }),
});

const standbyNeedsALargerServer = rule(
  availability.extend({ postgres: availability.shape.postgres.extend({ skuName: z.string() }) }),
  ({ production, postgres }) =>
    when(
      (postgres.highAvailability ?? production) && postgres.skuName.startsWith("B_"),
      `postgres.skuName (${postgres.skuName}): burstable servers cannot have the standby that high availability asks ` +
        "for. Choose a GP_ or MO_ size, or set postgres.highAvailability to false",
    ),
);

const standbyNeedsAnotherZone = rule(
  availability.extend({
    postgres: availability.shape.postgres.extend({ zone: z.string(), standbyZone: z.string().optional() }),
  }),
  ({ production, postgres }) =>
    when(
      (postgres.highAvailability ?? production) && (postgres.standbyZone ?? postgres.zone) === postgres.zone,
      `postgres.standbyZone (${postgres.standbyZone ?? "missing"}): the standby must live in another zone than ` +
        `postgres.zone (${postgres.zone}). Name a different zone`,
    ),
);

const replicasAreInOrder = rule(
  z.object({ app: z.object({ minReplicas: z.number(), maxReplicas: z.number() }) }),
  ({ app }) =>
    when(
      app.minReplicas > app.maxReplicas,
      `app.minReplicas (${app.minReplicas}): is more than app.maxReplicas (${app.maxReplicas}). ` +
        "Lower the first or raise the second",
    ),
);

const migratorFitsTheApp = rule(
  z.object({ app: z.object({ cpu: z.number() }), migrator: z.object({ cpu: z.number() }) }),
  ({ app, migrator }) =>
    when(
      migrator.cpu > app.cpu,
      `migrator.cpu (${migrator.cpu}): an init container may not ask for more than the app's containers together ` +
        `(app.cpu ${app.cpu}). Lower the first or raise the second`,
    ),
);

const productionSharesItsState = rule(
  z.object({ production: z.boolean(), state: z.object({ backend: z.string() }) }),
  ({ production, state }) =>
    when(
      production && state.backend === "local",
      "state.backend (local): a file on one machine is neither shared nor locked, and production is true. " +
        "Use the azurerm backend",
    ),
);

const productionIsSaidOutLoud = rule(
  z.object({ environment: z.string(), production: z.boolean() }),
  ({ environment, production }) =>
    when(
      environment.startsWith("prod") && !production,
      `production (false): an environment named ${environment} would go without protection. ` +
        "Set production to true or rename the environment",
    ),
);

const restrictionNeedsTwoIdentities = rule(
  z.object({ identities: z.string(), restrictIdentities: z.boolean() }),
  ({ identities, restrictIdentities }) =>
    when(
      restrictIdentities && identities === "shared",
      "restrictIdentities (true): app and migrator share one identity (identities shared), and both need its tokens. " +
        "Set identities to separate or restrictIdentities to false",
    ),
);

const productionTellsSomebody = rule(
  z.object({ production: z.boolean(), alertEmails: z.array(z.string()) }),
  ({ production, alertEmails }) =>
    when(
      production && alertEmails.length === 0,
      "alertEmails (none): nobody would hear that production's gate holds. Name at least one address",
    ),
);

/** The longest name that Container Apps takes, for apps and jobs alike. */
const longestAppName = 32;

const jobNamesFit = rule(z.object({ project: z.string(), environment: z.string() }), (named) => {
  const { bootstrapJob, migrationJob, containerApp } = resourceNames(named);
  const [longest = ""] = [bootstrapJob, migrationJob, containerApp].sort((a, b) => b.length - a.length);
  return when(
    longest.length > longestAppName,
    `project (${named.project}): with environment ${named.environment} it makes ${longest}, ${longest.length} characters, ` +
      `and Container Apps takes ${longestAppName}. Shorten one of them`,
  );
});

const rules: readonly Rule[] = [
  subnetsFitTheNetwork,
  subnetsAreApart,
  standbyNeedsALargerServer,
  standbyNeedsAnotherZone,
  replicasAreInOrder,
  migratorFitsTheApp,
  productionSharesItsState,
  productionIsSaidOutLoud,
  restrictionNeedsTwoIdentities,
  productionTellsSomebody,
  jobNamesFit,
];

/** Every contradiction between settings that are otherwise well formed. */
export function findConflicts(input: unknown): string[] {
  return rules.flatMap((each) => each.findProblems(input));
}
