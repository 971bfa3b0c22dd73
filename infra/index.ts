/** The constructs, for anyone's own CDKTF app. */
export { BootstrapJob, type BootstrapJobProps } from "./constructs/bootstrap-job";
export {
  ContainerEnvironment,
  type ContainerEnvironmentAttributes,
  type ContainerEnvironmentProps,
  consumptionProfile,
  type IContainerEnvironment,
  type WorkloadProfile,
} from "./constructs/container-environment";
export type { AdditionalContainer, AdditionalInitContainer } from "./constructs/containers";
export type { DatabaseAccessProps } from "./constructs/database-access";
export {
  DatabaseUrlSecret,
  type DatabaseUrlSecretAttributes,
  type IDatabaseUrlSecret,
} from "./constructs/database-url-secret";
export { GateAlert, type GateAlertProps } from "./constructs/gate-alert";
export {
  type IImageRegistry,
  ImageRegistry,
  type ImageRegistryAttributes,
  type ImageRegistryProps,
} from "./constructs/image-registry";
export type { CorsPolicy, IpRestriction, TrafficWeight } from "./constructs/ingress";
export type { JobProps, MigrationJobProps } from "./constructs/job-props";
export {
  type ILogWorkspace,
  LogWorkspace,
  type LogWorkspaceAttributes,
  type LogWorkspaceProps,
} from "./constructs/log-workspace";
export { MigratedContainerApp } from "./constructs/migrated-container-app";
export type { MigratedContainerAppProps, RegistryAccess } from "./constructs/migrated-container-app-props";
export { MigrationJob } from "./constructs/migration-job";
export type { MigratorProps } from "./constructs/migrator-props";
export { type INetwork, Network, type NetworkAttributes, type NetworkProps } from "./constructs/network";
export { PrivatePostgres } from "./constructs/private-postgres";
export type {
  IPostgresAdministrator,
  IPostgresDatabase,
  MaintenanceWindow,
  PostgresAttributes,
  PostgresOperator,
  PrivatePostgresProps,
} from "./constructs/private-postgres-props";
export type { CustomScaleRule } from "./constructs/scale-rules";
export type { KeyVaultSecretReference, SecretVariables } from "./constructs/secrets";
export type { Variables } from "./constructs/variables";
export type { Volume, VolumeMount } from "./constructs/volumes";
export {
  type IWorkloadIdentity,
  WorkloadIdentity,
  type WorkloadIdentityAttributes,
  type WorkloadIdentityProps,
} from "./constructs/workload-identity";
export type { WorkloadProps } from "./constructs/workload-props";
export { ConfigurationError } from "./errors";
export type { LogDestination } from "./log-queries";
