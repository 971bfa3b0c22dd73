import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeDirectory } from "./migrator";

/** A certificate and its key, as files. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority of a test's own. */
export interface Authority {
  /** File of its certificate. */
  readonly cert: string;
  /** Issues a certificate. @param names of a server: `DNS:localhost`, `IP:127.0.0.1`; none for a client */
  readonly issue: (commonName: string, names?: string) => Certificate;
}

const days = ["-days", "2"];
const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** Makes a certificate authority with openssl. */
export function makeAuthority(name: string): Authority {
  const dir = makeDirectory();
  const file = (base: string) => join(dir, base);
  const [cert, key] = [file("ca.crt"), file("ca.key")];
  openssl("req", "-x509", ...newKey, ...days, "-subj", `/CN=${name}`, "-keyout", key, "-out", cert);
  return {
    cert,
    issue: (commonName, names) => {
      const own = { cert: file(`${commonName}.crt`), key: file(`${commonName}.key`) };
      const request = file(`${commonName}.csr`);
      const extensions = file(`${commonName}.ext`);
      writeFileSync(extensions, names ? `subjectAltName=${names}\n` : "basicConstraints=CA:FALSE\n");
      openssl("req", "-new", ...newKey, "-subj", `/CN=${commonName}`, "-keyout", own.key, "-out", request);
      openssl(
        ...["x509", "-req", ...days, "-in", request, "-CA", cert, "-CAkey", key, "-CAcreateserial"],
        ...["-extfile", extensions, "-out", own.cert],
      );
      return own;
    },
  };
}

function openssl(...args: string[]): void {
  execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
}
