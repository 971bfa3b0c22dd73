/** Whether a file is where passwords are kept: `.env`, `.env.production`, `.pgpass`. An image must not carry it. */
export function isSecret(name: string): boolean {
  return /^\.(env|pgpass|npmrc|netrc)/.test(name);
}
