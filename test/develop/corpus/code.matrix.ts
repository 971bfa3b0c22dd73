import { testGroup } from "./suite";

describe("autogenerate: code", () => testGroup("code"));
