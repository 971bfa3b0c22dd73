import { testGroup } from "./suite";

describe("autogenerate: columns", () => testGroup("columns"));
