import {
  type ChecksOf,
  flag,
  hiddenText,
  listOf,
  oneOf,
  optional,
  recordOf,
  requireProps,
  shape,
  text,
  wholeNumber,
} from "../../../infra/constructs/checks";
import { ConfigurationError } from "../../../infra/errors";
import { unknownNumber, unknownText } from "../support/app-props";

interface Entry {
  readonly label: string;
}

interface Props {
  readonly name: string;
  readonly replicas?: number;
  readonly mode?: string;
  readonly isOpen?: boolean;
  readonly entries?: readonly Entry[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly password?: string;
}

const lower = text(/^[a-z]+$/, "must be lower case letters. Rename it");

const checks: ChecksOf<Props> = {
  name: lower,
  replicas: optional(wholeNumber(1, 3, "there is no room for more. Choose one in that range")),
  mode: optional(oneOf(["Single", "Multiple"], "there are no others. Name one of them")),
  isOpen: optional(flag),
  entries: optional(listOf(shape<Entry>({ label: lower }), { atLeast: 1, distinct: ["label"] })),
  variables: optional(
    recordOf(/^[A-Z]+$/, "must be capitals. Rename it", hiddenText("must be text. Put it in quotes")),
  ),
  password: optional(hiddenText("must be the address of a secret. Copy it")),
};

/** What somebody may write who has no types. */
const checking = (props: object) => () => requireProps({ name: "shop", ...props } as Props, checks, "stack/app");

it.each<[object]>([
  [{}],
  [{ replicas: 1, mode: "Multiple", isOpen: false, entries: [{ label: "a" }, { label: "b" }], variables: { A: "b" } }],
  [{ replicas: undefined, mode: undefined }],
])("takes what is as it must be: %j", (props) => {
  expect(checking(props)).not.toThrow();
});

it.each<[object, string]>([
  [{ name: undefined }, "'name' (missing) must be lower case letters. Rename it"],
  [{ name: null }, "'name' (null) must be lower case letters"],
  [{ name: ["a"] }, "'name' (a list) must be lower case letters"],
  [{ name: "X".repeat(200) }, `'name' (${"X".repeat(100)}…) must be`],
  [
    { replicas: 4 },
    "'replicas' (4) must be a whole number from 1 to 3: there is no room for more. Choose one in that range",
  ],
  [{ replicas: "2" }, "'replicas' (2) must be a whole number"],
  [{ replicas: 1.5 }, "'replicas' (1.5) must be a whole number"],
  [{ mode: "Labels" }, "'mode' (Labels) must be Single or Multiple: there are no others. Name one of them"],
  [{ mode: "single" }, "'mode' (single) must be Single or Multiple: the letters' case counts. Write Single"],
  [{ isOpen: "false" }, "'isOpen' (false) must be true or false. Say which of them"],
  [{ entries: {} }, "'entries' (an object) must be a list. Put it in square brackets"],
  [{ entries: [] }, "'entries' (empty) must have an entry"],
  [{ entries: [{ label: "a" }, { label: "B" }] }, "'entries[1].label' (B) must be lower case letters"],
  [{ entries: [{ label: "a" }, { label: "a" }] }, "'entries' (a) has the label twice: one entry would win"],
  [{ entries: ["a"] }, "'entries[0]' (a) must be an object"],
  [{ variables: { a: "b" } }, "'variables' (a) must be capitals. Rename it"],
  [{ variables: ["a"] }, "'variables' (a list) must have values by their names"],
])("refuses what is not: %j", (props, problem) => {
  expect(checking(props)).toThrow(ConfigurationError);
  expect(checking(props)).toThrow(`stack/app: ${problem}`);
});

it("names what is missing when nothing at all is given", () => {
  expect(() => requireProps(undefined as unknown as Props, checks, "stack/app")).toThrow("stack/app: 'name' (missing)");
});

it("tells all problems at once", () => {
  expect(checking({ name: "A", replicas: 0, mode: "x" })).toThrow(
    /^stack\/app: 'name' .*\nstack\/app: 'replicas' .*\nstack\/app: 'mode' .*$/,
  );
});

it("shows no value that may be a secret", () => {
  const secret = 12345;
  for (const props of [{ password: secret }, { variables: { A: secret } }]) {
    expect(checking(props)).toThrow("(not shown: it may be the value)");
    expect(checking(props)).not.toThrow(/12345/);
  }
});

it("leaves alone what is known only at deploy time", () => {
  expect(checking({ name: unknownText, replicas: unknownNumber, mode: unknownText })).not.toThrow();
  expect(
    checking({ name: `Shop-${unknownText}`, entries: [{ label: unknownText }, { label: unknownText }] }),
  ).not.toThrow();
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of Terraform's
  expect(checking({ name: "${var.name}", isOpen: { resolve: () => true } })).not.toThrow();
});

describe("a name that is no prop", () => {
  it.each([
    ["replica", "replicas"],
    ["Replicas", "replicas"],
    ["isopen", "isOpen"],
    ["varaibles", "variables"],
  ])("fails when %s is nearly %s", (given, meant) => {
    expect(checking({ [given]: 1 })).toThrow(
      `stack/app: '${given}' is no prop, and nobody would read it. Write '${meant}', or remove it`,
    );
  });

  it("is told of in an entry of a list", () => {
    expect(checking({ entries: [{ lable: "b" }] })).toThrow("'entries[0].lable' is no prop");
  });

  it("fails in an entry of a list whatever it is: those are written out", () => {
    expect(checking({ entries: [{ label: "a", color: "red" }] })).toThrow(
      "stack/app: 'entries[0].color' is no prop, and nobody would read it. Use one of label, or remove it",
    );
  });

  it("may come along in an object that is spread", () => {
    expect(checking({ location: "westeurope", resourceGroupName: "rg-shop" })).not.toThrow();
    expect(checking({ names: ["a"], name: "shop" })).not.toThrow();
  });
});
