/** Name of the init container, and of the job's container, that runs the migrator: log queries select by it. */
export const migrateContainerName = "migrate";

/** Name of the container that runs the app. */
export const appContainerName = "app";
