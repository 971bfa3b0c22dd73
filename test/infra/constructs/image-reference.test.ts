import { requireImageForm, requireImmutableImage } from "../../../infra/constructs/image-reference";
import { unknownText as unknown } from "../support/app-props";

const digest = `sha256:${"0a".repeat(32)}`;
const checking = (image: string) => () => requireImmutableImage(image, "stack/app");

it.each([
  "shop:1.4.0",
  "shop.example/team/shop:1.4.0",
  "localhost:5000/shop:1.4.0",
  `shop.example/shop@${digest}`,
  `shop.example/shop:1.4.0@${digest}`,
])("accepts %s", (image) => {
  expect(checking(image)).not.toThrow();
});

it.each(["shop", "shop.example/shop", "localhost:5000/shop", "shop.example/shop:"])(
  "fails when %s has no tag",
  (image) => {
    expect(checking(image)).toThrow(`stack/app: 'image' (${image}) has no tag`);
  },
);

it("fails when the tag is latest, whatever the registry's port", () => {
  expect(checking("localhost:5000/shop:latest")).toThrow("has the mutable tag 'latest'");
});

it("fails when the tag is none that a registry takes", () => {
  expect(checking("shop.example/shop:feature+one")).toThrow(
    "stack/app: 'image' (shop.example/shop:feature+one) has a malformed tag (feature+one): registries take letters, " +
      "digits, '_', '.' and '-', at most 128",
  );
});

it("fails when the digest is malformed", () => {
  expect(checking("shop.example/shop@sha256:123")).toThrow(
    "stack/app: 'image' (shop.example/shop@sha256:123) has a malformed digest (sha256:123): it must be 'sha256:' and 64 " +
      "hexadecimal digits. Copy it from the push's output",
  );
});

describe("with parts that are known only at deploy time", () => {
  it("still judges the tag behind an unknown registry", () => {
    expect(checking(`${unknown}/shop:1.4.0`)).not.toThrow();
    expect(checking(`${unknown}/shop@${digest}`)).not.toThrow();
    expect(checking(`${unknown}/shop`)).toThrow("has no tag");
    expect(checking(`${unknown}/shop:latest`)).toThrow("has the mutable tag 'latest'");
  });

  it("leaves unknown tags, digests and whole images alone", () => {
    expect(checking(`shop.example/shop:${unknown}`)).not.toThrow();
    expect(checking(`shop.example/shop@${unknown}`)).not.toThrow();
    expect(checking(unknown)).not.toThrow();
  });
});

describe("the form of a reference", () => {
  const checkingForm = (image: string) => () => requireImageForm(image, "stack/app");

  it.each([
    "shop",
    "shop:1.4.0",
    "library/shop:1.4.0",
    "shop.example/team/my_shop-api.v2:1.4.0",
    "localhost:5000/shop:1.4.0",
    `shop.example/shop:1.4.0@${digest}`,
    `${unknown}/shop:1.4.0`,
    `shop.example/${unknown}/shop:${unknown}`,
    unknown,
  ])("is fine: %s", (image) => {
    expect(checkingForm(image)).not.toThrow();
  });

  it.each([
    ["https://cr.azurecr.io/shop:1.4.0", "cr.azurecr.io/shop:1.4.0"],
    ["docker://shop:1.4.0", "shop:1.4.0"],
    ["cr.azurecr.io/shop:1.4.0/", "cr.azurecr.io/shop:1.4.0"],
    ["cr.azurecr.io/Team/Shop:1.4.0-RC1", "cr.azurecr.io/team/shop:1.4.0-RC1"],
    ["CR.azurecr.io/shop:1.4.0", "cr.azurecr.io/shop:1.4.0"],
    [`https://${unknown}/Shop:1.4.0`, `${unknown}/shop:1.4.0`],
  ])("fails when it is %s", (image, better) => {
    expect(checkingForm(image)).toThrow(
      `stack/app: 'image' (${image}) is no reference that a registry understands: it is registry/repository:version, in ` +
        `lower case, without https:// and without a slash at the end. Write ${better}`,
    );
  });

  it.each(["", "cr.azurecr.io//shop:1", " shop:1", "shop example/shop:1", "cr.azurecr.io/:1"])(
    "fails when it is %j",
    (image) => {
      expect(checkingForm(image)).toThrow(`stack/app: 'image' (${image}) is no reference that a registry understands`);
    },
  );
});
