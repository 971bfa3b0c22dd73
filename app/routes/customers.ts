import type { FastifyInstance } from "fastify";
import type { Database } from "../database";
import { normaliseEmail } from "../email";
import { httpError } from "../http-error";
import { findCustomer, insertCustomer, listCustomers, type NewCustomer } from "../repository/customers";
import { type IdParams, idParams, newCustomer, type PageQuery, pageQuery } from "./schemas";

/** `/customers`: create, list, get. */
export function registerCustomers(app: FastifyInstance, db: Database): void {
  app.post<{ Body: Pick<NewCustomer, "email" | "name"> }>(
    "/customers",
    { schema: { body: newCustomer } },
    async (request, reply) => {
      const { email, name } = request.body;
      const emailNormalised = normaliseEmail(email);
      if (emailNormalised === undefined) {
        throw httpError(400, "body/email must be a mail address");
      }
      const customer = await insertCustomer(db, { email, emailNormalised, name });
      if (!customer) {
        throw httpError(409, "a customer with this email exists already");
      }
      return reply.code(201).header("location", `/customers/${customer.id}`).send(customer);
    },
  );

  app.get<{ Querystring: PageQuery }>("/customers", { schema: { querystring: pageQuery } }, ({ query }) =>
    listCustomers(db, { after: Number(query.after), limit: Number(query.limit) }),
  );

  app.get<{ Params: IdParams }>("/customers/:id", { schema: { params: idParams } }, async ({ params }) => {
    const customer = await findCustomer(db, Number(params.id));
    if (!customer) {
      throw httpError(404, `customer ${params.id} does not exist`);
    }
    return customer;
  });
}
