import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { BootstrapJob } from "../constructs/bootstrap-job";
import { MigrationJob } from "../constructs/migration-job";
import type { ResolvedSettings } from "../environment-settings";
import { resourceNames, resourceTags } from "../naming";
import type { PlatformStack } from "./platform-stack";
import { layFoundation } from "./stack-foundation";

export interface JobsStackProps {
  readonly settings: ResolvedSettings;
  readonly platform: PlatformStack;
  /** The release's image, with a version or a digest. */
  readonly image: string;
}

/**
 * The release's image as jobs: one prepares the database's roles, one runs whatever command of the migrator somebody asks
 * for. Deployed before the app, so that what an app's start must not wait for can run with the new image first.
 */
export class JobsStack extends TerraformStack {
  readonly bootstrapJob: BootstrapJob;
  readonly migrationJob: MigrationJob;

  constructor(scope: Construct, id: string, props: JobsStackProps) {
    super(scope, id);
    const { settings, platform, image } = props;
    layFoundation(this, settings);
    const names = resourceNames(settings);
    const { migratorIdentity, appIdentity, databaseAdminIdentity } = platform;
    const common = {
      resourceGroupName: platform.resourceGroup.name,
      environment: platform.environment,
      image,
      registryServer: platform.registry.loginServer,
      database: platform.postgres,
      command: settings.migrator.command,
      connectTimeoutSeconds: settings.migrator.connectTimeoutSeconds,
      tags: resourceTags(settings),
    };
    this.bootstrapJob = new BootstrapJob(this, "bootstrap-job", {
      ...common,
      name: names.bootstrapJob,
      administrator: databaseAdminIdentity,
      migratorIdentity,
      appIdentity,
    });
    this.migrationJob = new MigrationJob(this, "migration-job", {
      ...common,
      name: names.migrationJob,
      identity: migratorIdentity,
      migrateCpu: settings.migrator.cpu,
      lockWaitSeconds: settings.migrator.lockWaitSeconds,
      timeoutSeconds: settings.job.timeoutSeconds,
    });

    const output = (id: string, value: string, description: string) =>
      new TerraformOutput(this, id, { value, description });
    output("bootstrap_job", this.bootstrapJob.resource.name, "Job that prepares the database's roles");
    output("migration_job", this.migrationJob.resource.name, "Job that runs commands of the migrator");
  }
}
