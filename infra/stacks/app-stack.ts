import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { MigratedContainerApp } from "../constructs/migrated-container-app";
import type { ResolvedSettings } from "../environment-settings";
import { resourceNames, resourceTags } from "../naming";
import type { PlatformStack } from "./platform-stack";
import { layFoundation } from "./stack-foundation";

export interface AppStackProps {
  readonly settings: ResolvedSettings;
  readonly platform: PlatformStack;
  /** Tag of the image in the platform's registry. */
  readonly imageTag: string;
  /**
   * Whole reference of the image, with a version or a digest, for images from elsewhere and for releases by digest.
   * @default - the settings' repository in the platform's registry, with `imageTag`
   */
  readonly image?: string;
}

/** What changes with each release: the app, gated by its migrations. */
export class AppStack extends TerraformStack {
  readonly app: MigratedContainerApp;

  constructor(scope: Construct, id: string, props: AppStackProps) {
    super(scope, id);
    const { settings, platform } = props;
    layFoundation(this, settings);
    const { app, migrator } = settings;

    this.app = new MigratedContainerApp(this, "app", {
      name: resourceNames(settings).containerApp,
      resourceGroupName: platform.resourceGroup.name,
      environment: platform.environment,
      image: props.image ?? `${platform.registry.loginServer}/${settings.image.repository}:${props.imageTag}`,
      registryServer: platform.registry.loginServer,
      identity: platform.appIdentity,
      database: platform.postgres,
      deployAfter: [
        ...(platform.appIdentity.registryPull === undefined ? [] : [platform.appIdentity.registryPull]),
        platform.postgres.administrator,
        platform.postgres.database,
      ],
      command: ["node", "dist/app.js"],
      cpu: app.cpu,
      workers: app.workers,
      minReplicas: app.minReplicas,
      maxReplicas: app.maxReplicas,
      concurrentRequestsPerReplica: app.concurrentRequestsPerReplica,
      externalIngress: app.publicIngress,
      migrateCpu: migrator.cpu,
      lockWaitSeconds: migrator.lockWaitSeconds,
      connectTimeoutSeconds: migrator.connectTimeoutSeconds,
      tags: resourceTags(settings),
    });

    new TerraformOutput(this, "container_app", { value: this.app.resource.name, description: "Name of the app" });
    new TerraformOutput(this, "url", { value: `https://${this.app.fqdn}`, description: "Where the app answers" });
  }
}
