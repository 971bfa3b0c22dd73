import { composeApp } from "../../infra/compose";
import { loadSettings } from "../../infra/environments";
import { onlyResource, type SynthesizedApp, synthesize } from "./support/synthesized";

const imagesOf = ({ app }: SynthesizedApp): string[] => {
  const { template } = onlyResource(app.json, "azurerm_container_app");
  return [template.init_container[0].image, template.container[0].image];
};

describe("the image of a release", () => {
  it("is the package's version in the platform's registry by default", () => {
    for (const image of imagesOf(synthesize("dev"))) {
      expect(image).toMatch(/^\$\{data\.terraform_remote_state\..*login_server\}\/schemagate:1\.2\.3$/);
    }
  });

  it("takes the settings' tag before the package's version, and the release's tag before both", () => {
    const settings = loadSettings("dev");
    const pinned = { ...settings, image: { ...settings.image, tag: "2.0.0" } };
    expect(imagesOf(synthesize("dev", { settings: pinned }))[0]).toMatch(/schemagate:2\.0\.0$/);
    expect(imagesOf(synthesize("dev", { settings: pinned, imageTag: "3.0.0" }))[0]).toMatch(/schemagate:3\.0\.0$/);
  });

  it("can be any reference, also by digest, for app and migrator alike", () => {
    const image = `shop.example/shop@sha256:${"0a".repeat(32)}`;
    expect(imagesOf(synthesize("dev", { image }))).toEqual([image, image]);
  });

  it("fails when it is mutable", () => {
    expect(() => synthesize("dev", { imageTag: "latest" })).toThrow("has the mutable tag 'latest'");
    expect(() => synthesize("dev", { image: "shop.example/shop" })).toThrow("has no tag");
  });

  it("fails when reference and tag are both given", () => {
    const settings = loadSettings("dev");
    const options = { settings, packageVersion: "1.2.3", image: "shop.example/shop:1", imageTag: "2" };
    expect(() => composeApp(options)).toThrow(
      "image (shop.example/shop:1) and image tag (2) are both given: they may name different code. Set one of " +
        "SCHEMAGATE_IMAGE and SCHEMAGATE_IMAGE_TAG",
    );
  });
});

it.each(["dev", "staging", "prod"])("writes the same bytes each time for %s", (environment) => {
  const [once, again] = [synthesize(environment), synthesize(environment)];
  expect(again.platform.text).toBe(once.platform.text);
  expect(again.app.text).toBe(once.app.text);
});
