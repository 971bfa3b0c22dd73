import { installBeside } from "../scripts/install-beside";
import { site } from "./paths";

/** Installs the site's own packages, unless they are there. */
export function install(): void {
  installBeside(site);
}
