import { requireValidVolumes, type Volume, type VolumeMount } from "../../../infra/constructs/volumes";

const cache: Volume = { name: "cache", storageType: "EmptyDir" };
const share: Volume = { name: "share", storageType: "AzureFile", storageName: "uploads" };

const checking = (volumes: readonly Volume[], mounts: readonly VolumeMount[] = []) => {
  return () => requireValidVolumes(volumes, mounts, "stack/app");
};

it("takes volumes of every type, mounted or not", () => {
  const nfs: Volume = { name: "nfs", storageType: "NfsAzureFile", storageName: "media" };
  const secret: Volume = { name: "secrets", storageType: "Secret" };
  expect(checking([cache, share, nfs, secret], [{ name: "share", path: "/uploads" }])).not.toThrow();
});

it("fails when two volumes have one name", () => {
  expect(checking([cache, cache])).toThrow("stack/app: two volumes are named 'cache': one would win. Rename one");
});

it.each(["AzureFile", "NfsAzureFile"] as const)("fails when a volume of type %s has no share", (storageType) => {
  expect(checking([{ name: "share", storageType }])).toThrow(
    `stack/app: the volume 'share' of type ${storageType} has no 'storageName': the share is looked up by it in the ` +
      "container environment. Name it",
  );
});

it.each(["EmptyDir", "Secret"] as const)("fails when a volume of type %s has a share", (storageType) => {
  expect(checking([{ name: "cache", storageType, storageName: "uploads" }])).toThrow(
    `stack/app: the volume 'cache' of type ${storageType} has a 'storageName' (uploads), which only AzureFile and ` +
      "NfsAzureFile have. Remove it",
  );
});

it("fails when a mounted volume is not there", () => {
  expect(checking([cache, share], [{ name: "uploads", path: "/uploads" }])).toThrow(
    "stack/app: /uploads mounts the volume 'uploads', which is not among 'volumes' (cache, share). Add it there or " +
      "correct the name",
  );
  expect(checking([], [{ name: "uploads", path: "/uploads" }])).toThrow("which is not among 'volumes' (none)");
});
