import { normaliseEmail } from "../../app/email";

describe("normaliseEmail", () => {
  it.each([
    ["Ada@Example.COM", "ada@example.com"],
    ["ada@münchen.example", "ada@xn--mnchen-3ya.example"],
    ["ada@MÜNCHEN.example", "ada@xn--mnchen-3ya.example"],
    ["JOSE\u0301@example.com", "jos\u00e9@example.com"],
    ['"a@b"@example.com', '"a@b"@example.com'],
  ])("brings %s to %s", (email, expected) => {
    expect(normaliseEmail(email)).toBe(expected);
  });

  it.each(["ada", "@example.com", "ada@", "ada@exa mple.com", "ada@[::1"])("refuses %s", (email) => {
    expect(normaliseEmail(email)).toBeUndefined();
  });
});
