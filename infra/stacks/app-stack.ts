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
  /** The release's image, with a version or a digest. */
  readonly image: string;
  /**
   * A new one makes a new revision of the same image.
   * @default - none
   */
  readonly redeployToken?: string;
}

/** What changes with each release: the app, gated by its migrations. */
export class AppStack extends TerraformStack {
  readonly app: MigratedContainerApp;

  constructor(scope: Construct, id: string, props: AppStackProps) {
    super(scope, id);
    const { settings, platform } = props;
    layFoundation(this, settings);
    const { app, migrator, identities } = settings;
    const { appIdentity, migratorIdentity } = platform;

    this.app = new MigratedContainerApp(this, "app", {
      name: resourceNames(settings).containerApp,
      resourceGroupName: platform.resourceGroup.name,
      environment: platform.environment,
      image: props.image,
      registryServer: platform.registry.loginServer,
      identity: appIdentity,
      migratorIdentity: identities === "separate" ? migratorIdentity : undefined,
      restrictIdentities: settings.restrictIdentities,
      database: platform.postgres,
      command: app.command,
      targetPort: app.port,
      livenessPath: app.livenessPath,
      readinessPath: app.readinessPath,
      cpu: app.cpu,
      workers: app.workers,
      minReplicas: app.minReplicas,
      maxReplicas: app.maxReplicas,
      concurrentRequestsPerReplica: app.concurrentRequestsPerReplica,
      externalIngress: app.publicIngress,
      migrateCommand: migrator.command && [...migrator.command, "up"],
      migrateCpu: migrator.cpu,
      lockWaitSeconds: migrator.lockWaitSeconds,
      connectTimeoutSeconds: migrator.connectTimeoutSeconds,
      redeployToken: props.redeployToken,
      tags: resourceTags(settings),
    });

    new TerraformOutput(this, "container_app", { value: this.app.resource.name, description: "Name of the app" });
    new TerraformOutput(this, "url", { value: `https://${this.app.fqdn}`, description: "Where the app answers" });
  }
}
