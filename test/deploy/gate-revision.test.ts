import type { AppFacts, RevisionFacts } from "../../deploy/gate/facts";
import { findRevision } from "../../deploy/gate/find-revision";

const tag = "cr.azurecr.io/shop:1";
const digest = `cr.azurecr.io/shop@sha256:${"0a".repeat(32)}`;

function revision(name: string, image: string, redeployToken = "", createdAt = new Date(0)): RevisionFacts {
  const app = { name: "app", image, variables: { SCHEMAGATE_REDEPLOY: redeployToken } };
  return { name, createdAt, active: true, replicas: 1, containers: [app], initContainers: [] };
}

const app = (latestRevision: string, revisionMode = "Single"): AppFacts => ({ latestRevision, revisionMode });
const find = (facts: AppFacts, revisions: readonly RevisionFacts[], redeployToken?: string) =>
  findRevision(facts, revisions, { images: [digest, tag], redeployToken })?.name;

it.each([tag, digest])("finds the newest revision by any name of its image: %s", (image) => {
  expect(find(app("b"), [revision("a", "cr.azurecr.io/shop:0"), revision("b", image)])).toBe("b");
});

it("takes the revision with a deployment's mark, even where the app still names another as its newest", () => {
  expect(find(app("a"), [revision("a", tag, "monday"), revision("b", tag, "tuesday")], "tuesday")).toBe("b");
  expect(find(app("a"), [revision("a", tag, "monday")], "tuesday")).toBeUndefined();
});

it.each(["Multiple", "Labels", "multiple"])("takes the newest of the image where several are active: %s", (mode) => {
  const revisions = [revision("a", tag), revision("b", digest, "", new Date(1)), revision("c", "cr.azurecr.io/shop:2")];
  expect(find(app("c", mode), revisions)).toBe("b");
  expect(find(app("c", "Single"), revisions)).toBeUndefined();
  expect(find(app("d", mode), revisions)).toBeUndefined();
});

it("takes no revision that was the newest before a deployment which makes another", () => {
  const follows = (latest: string, revisions: readonly RevisionFacts[]) =>
    findRevision(app(latest), revisions, { images: [tag], follows: "a" })?.name;
  expect(follows("a", [revision("a", tag)])).toBeUndefined();
  expect(follows("b", [revision("a", tag), revision("b", tag)])).toBe("b");
});
