import { testGroup } from "./suite";

describe("autogenerate: others", () => testGroup("others"));
