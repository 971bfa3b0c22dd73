/** An error that Fastify answers with this status, its standard name and the message. */
export function httpError(statusCode: number, message: string): Error {
  return Object.assign(new Error(message), { statusCode });
}
