import { testSample } from "./suite";

describe("autogenerate: a sample of the corpus", testSample);
