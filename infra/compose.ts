import { mkdirSync } from "node:fs";
import { App } from "cdktf";
import type { ResolvedSettings } from "./environment-settings";
import { ConfigurationError } from "./errors";
import { defaultImage, stackIds } from "./naming";
import { AppStack } from "./stacks/app-stack";
import { JobsStack } from "./stacks/jobs-stack";
import { PlatformStack } from "./stacks/platform-stack";

export interface ComposeOptions {
  readonly settings: ResolvedSettings;
  /** Version of the package: the image's tag when neither settings nor release name another. */
  readonly packageVersion: string;
  /**
   * Tag of this release's image in the platform's registry.
   * @default - the settings' tag, else the package's version
   */
  readonly imageTag?: string;
  /**
   * Whole reference of this release's image, with a version or a digest.
   * @default - the settings' repository in the platform's registry
   */
  readonly image?: string;
  /**
   * A new one makes a new revision of the same image.
   * @default - none
   */
  readonly redeployToken?: string;
  /**
   * Where the stacks are written.
   * @default - CDKTF_OUTDIR, else cdktf.out
   */
  readonly outdir?: string;
}

export interface ComposedApp {
  readonly app: App;
  readonly platform: PlatformStack;
  readonly jobs: JobsStack;
  readonly appStack: AppStack;
}

const [platformId, jobsId, appId] = stackIds;

/** Puts the stacks of one environment together; `app.synth()` writes them. */
export function composeApp(options: ComposeOptions): ComposedApp {
  const { settings, outdir } = options;
  requireOneImage(options);
  if (outdir !== undefined) mkdirSync(outdir, { recursive: true });
  const app = new App({ outdir });
  const platform = new PlatformStack(app, platformId, { settings });
  const tag = options.imageTag ?? settings.image.tag ?? options.packageVersion;
  const image = options.image ?? defaultImage(settings, platform.registry.loginServer, tag);
  const jobs = new JobsStack(app, jobsId, { settings, platform, image });
  const appStack = new AppStack(app, appId, { settings, platform, image, redeployToken: options.redeployToken });
  return { app, platform, jobs, appStack };
}

function requireOneImage({ image, imageTag }: ComposeOptions): void {
  if (image === undefined || imageTag === undefined) return;
  throw new ConfigurationError(
    `image (${image}) and image tag (${imageTag}) are both given: they may name different code. ` +
      "Set one of SCHEMAGATE_IMAGE and SCHEMAGATE_IMAGE_TAG",
  );
}
