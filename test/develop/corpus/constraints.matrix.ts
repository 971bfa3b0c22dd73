import { testGroup } from "./suite";

describe("autogenerate: constraints", () => testGroup("constraints"));
