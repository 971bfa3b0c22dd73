import { testGroup } from "./suite";

describe("autogenerate: renames", () => testGroup("renames"));
