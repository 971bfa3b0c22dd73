import { testGroup } from "./suite";

describe("autogenerate: tables", () => testGroup("tables"));
