/** One exchange with the token endpoint. */
export interface Exchange {
  /** Longest wait for the answer. */
  timeoutMs: number;
  /** HTTP status, or nothing when no answer came. */
  status?: number;
  /** The header Retry-After, as it was sent. */
  retryAfter?: string | null;
}

export interface Token {
  readonly token: string;
  /** In milliseconds since 1970. */
  readonly expiresOnTimestamp: number;
}

/** A credential, and what it heard. */
export interface Credential {
  readonly credential: { readonly getToken: (scope: string) => Promise<Token | null> };
  /** Where tokens come from, in words. */
  readonly source: string;
  /** Absent where no HTTP is spoken, as with the Azure CLI. */
  readonly exchange?: Exchange;
}
