import { type Cidr, containsCidr, overlapsCidr, parseCidr } from "../../infra/cidr";

function range(text: string): Cidr {
  const cidr = parseCidr(text);
  if (cidr === undefined) throw new Error(`${text} is no range`);
  return cidr;
}

it.each([
  ["10.20.0.0/16", 0x0a140000, 0x0a14ffff],
  ["192.168.1.4/30", 0xc0a80104, 0xc0a80107],
  ["0.0.0.0/0", 0, 0xffffffff],
  ["255.255.255.255/32", 0xffffffff, 0xffffffff],
])("reads %s", (text, first, last) => {
  expect(parseCidr(text)).toMatchObject({ first, last });
});

it.each(["10.20.0.0", "10.20.0.1/16", "10.20.0.0/33", "10.256.0.0/16", "10.20.0/16", "a.b.c.d/8", "::/64", ""])(
  "takes '%s' for no range",
  (text) => {
    expect(parseCidr(text)).toBeUndefined();
  },
);

it("knows what lies inside a range and what overlaps it", () => {
  expect(containsCidr(range("10.20.0.0/16"), range("10.20.255.0/24"))).toBe(true);
  expect(containsCidr(range("10.20.0.0/16"), range("10.21.0.0/24"))).toBe(false);
  expect(overlapsCidr(range("10.20.0.0/23"), range("10.20.1.0/24"))).toBe(true);
  expect(overlapsCidr(range("10.20.0.0/23"), range("10.20.2.0/24"))).toBe(false);
});
