import { run } from "../../deploy/run";
import { serveRuns } from "../support/warm-process";

serveRuns(run);
