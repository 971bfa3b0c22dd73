import type { FastifyInstance } from "fastify";
import type { Database } from "../database";
import { httpError } from "../http-error";
import { findOrder, insertOrder, listOrders, type NewOrder } from "../repository/orders";
import { type IdParams, idParams, newOrder, type OrderQuery, orderQuery } from "./schemas";

/** `/orders`: create, list (of one customer, or all), get. */
export function registerOrders(app: FastifyInstance, db: Database): void {
  app.post<{ Body: NewOrder }>("/orders", { schema: { body: newOrder } }, async (request, reply) => {
    const order = await insertOrder(db, request.body);
    if (!order) {
      throw httpError(422, `body/customerId: customer ${request.body.customerId} does not exist`);
    }
    return reply.code(201).header("location", `/orders/${order.id}`).send(order);
  });

  app.get<{ Querystring: OrderQuery }>("/orders", { schema: { querystring: orderQuery } }, ({ query }) =>
    listOrders(db, query.customerId === undefined ? undefined : Number(query.customerId), {
      after: Number(query.after),
      limit: Number(query.limit),
    }),
  );

  app.get<{ Params: IdParams }>("/orders/:id", { schema: { params: idParams } }, async ({ params }) => {
    const order = await findOrder(db, Number(params.id));
    if (!order) {
      throw httpError(404, `order ${params.id} does not exist`);
    }
    return order;
  });
}
