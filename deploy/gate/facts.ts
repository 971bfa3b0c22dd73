/** What the resource manager says of a container app, as far as the gate reads it. */
export interface AppFacts {
  /** Newest revision, whether or not it works. */
  readonly latestRevision?: string;
  /** Newest revision that works: in single mode the one that serves. */
  readonly latestReadyRevision?: string;
  readonly revisionMode: string;
  /** State of the app's last change: Succeeded, Failed, InProgress, … */
  readonly changeState?: string;
}

/** What it says of a revision. The states are open lists: values that no document names have been seen. */
export interface RevisionFacts {
  readonly name: string;
  readonly createdAt: Date;
  readonly active: boolean;
  /** Running replicas. */
  readonly replicas: number;
  /** Provisioning, Provisioned, Failed, Deprovisioning, Deprovisioned. */
  readonly provisioningState?: string;
  readonly provisioningError?: string;
  /** Healthy, Unhealthy, None. */
  readonly healthState?: string;
  /** Running, RunningAtMaxScale, ScaledToZero, Activating, Processing, Degraded, Failed, ActivationFailed, Stopped, … */
  readonly runningState?: string;
  /** Why, in the platform's words. Not in the API's specification, but in its answers. */
  readonly runningStateDetails?: string;
  readonly containers: readonly TemplateContainer[];
  readonly initContainers: readonly TemplateContainer[];
}

/** A container of a revision's template. */
export interface TemplateContainer {
  readonly name: string;
  readonly image: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** What it says of one replica. */
export interface ReplicaFacts {
  readonly name: string;
  readonly initContainers: readonly ContainerFacts[];
  readonly containers: readonly ContainerFacts[];
}

/** One container of a replica. */
export interface ContainerFacts {
  readonly name: string;
  /** For an init container: ended well. */
  readonly ready: boolean;
  readonly restarts: number;
  /** Running, Terminated, Waiting. */
  readonly state?: string;
  /** `Container is waiting with reason: CrashLoopBackOff.` */
  readonly details?: string;
}

/** Everything that one look at the app brings. */
export interface GateFacts {
  readonly app: AppFacts;
  readonly revisions: readonly RevisionFacts[];
  /** The newest of them, by the app's own word. */
  readonly newest?: RevisionFacts;
  /** The revision that the release is judged by, once there is one. */
  readonly revision?: RevisionFacts;
  readonly replicas: readonly ReplicaFacts[];
}
