/** Ids travel in paths and queries as text: up to 15 digits, so that they stay exact as a JavaScript number. */
const idText = { type: "string", pattern: "^[1-9][0-9]{0,14}$" } as const;

/** `/things/:id` */
export const idParams = { type: "object", properties: { id: idText }, required: ["id"] } as const;

export interface IdParams {
  readonly id: string;
}

/** `?after=41&limit=50` */
const pageProperties = {
  after: { type: "string", pattern: "^[0-9]{1,15}$", default: "0" },
  limit: { type: "string", pattern: "^([1-9][0-9]?|100)$", default: "50" },
} as const;

export interface PageQuery {
  readonly after: string;
  readonly limit: string;
}

export const pageQuery = { type: "object", properties: pageProperties, additionalProperties: false } as const;

export interface OrderQuery extends PageQuery {
  readonly customerId?: string;
}

export const orderQuery = {
  type: "object",
  properties: { ...pageProperties, customerId: idText },
  additionalProperties: false,
} as const;

export const newCustomer = {
  type: "object",
  properties: {
    // 254: the longest address SMTP can carry (RFC 5321). The domain is looked at more closely by normaliseEmail.
    email: { type: "string", maxLength: 254, pattern: "^[^\\s@\\p{Cc}]+@[^\\s@\\p{Cc}]+$" },
    // No control characters: PostgreSQL cannot store NUL, and the others have no place in a name.
    name: { type: "string", maxLength: 200, pattern: "^[^\\s\\p{Cc}][^\\p{Cc}]*$" },
  },
  required: ["email", "name"],
  additionalProperties: false,
} as const;

// The three maxima keep the biggest total (10^2 x 10^4 x 10^8 cents) exact as a JavaScript number (2^53).
export const newOrder = {
  type: "object",
  properties: {
    customerId: { type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
    currency: { type: "string", pattern: "^[A-Z]{3}$" },
    lines: {
      type: "array",
      minItems: 1,
      maxItems: 100,
      items: {
        type: "object",
        properties: {
          sku: { type: "string", maxLength: 64, pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$" },
          quantity: { type: "integer", minimum: 1, maximum: 10_000 },
          unitPriceCents: { type: "integer", minimum: 0, maximum: 100_000_000 },
        },
        required: ["sku", "quantity", "unitPriceCents"],
        additionalProperties: false,
      },
    },
  },
  required: ["customerId", "currency", "lines"],
  additionalProperties: false,
} as const;
