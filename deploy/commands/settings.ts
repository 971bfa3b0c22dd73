import type { Command } from "commander";
import { resourceNames, resourceTags, stackIds, stateKey } from "../../infra/naming";
import type { Context } from "../context";
import { readTarget, releaseImage } from "../target";

export function addSettings(program: Command, { env, print }: Context): void {
  program
    .command("settings")
    .description("print the settings of an environment with everything that follows from them, as JSON")
    .argument("[environment]", "one of infra/settings/*.ts")
    .action((environment: string | undefined) => {
      const target = readTarget(environment);
      const { settings } = target;
      print(
        JSON.stringify(
          {
            settings,
            names: resourceNames(settings),
            tags: resourceTags(settings),
            image: releaseImage(target, undefined, env),
            stateKeys: Object.fromEntries(stackIds.map((stack) => [stack, stateKey(settings, stack)])),
          },
          undefined,
          2,
        ),
      );
    });
}
