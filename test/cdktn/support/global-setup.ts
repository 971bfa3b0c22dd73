import { installCdktn } from "../../../scripts/install-cdktn";

export default installCdktn;
