/** What clients of the API saw. */
export interface Traffic {
  /** Requests answered as they should be. */
  readonly answered: number;
  /** Requests that were not: status or error, with the replica. */
  readonly failures: readonly string[];
}

/** Steady traffic on the replicas in rotation, as from the platform's proxy. */
export interface SteadyTraffic {
  /** Replicas that get requests; changed while it runs. */
  readonly rotation: Set<string>;
  /** Waits until no request is under way on a replica that was taken out of the rotation. */
  readonly drained: (url: string) => Promise<void>;
  readonly stop: () => Promise<Traffic>;
}

const clients = 8;

/**
 * Starts clients that write and read, one request after the other, over connections that are kept.
 *
 * @param urls replicas in rotation at first.
 */
export function startTraffic(urls: readonly string[]): SteadyTraffic {
  const rotation = new Set(urls);
  const underWay = new Map<string, number>();
  const failures: string[] = [];
  let answered = 0;
  let requests = 0;
  let stopped = false;

  const request = async (client: number) => {
    requests += 1;
    const number = requests;
    const url = [...rotation][number % rotation.size] ?? "";
    underWay.set(url, (underWay.get(url) ?? 0) + 1);
    try {
      const response = await (number % 2 === 0 ? fetch(`${url}/customers`) : createCustomer(url, client, number));
      const body = await response.text();
      if (response.ok) {
        answered += 1;
      } else {
        failures.push(`${url}: ${response.status} ${body}`);
      }
    } catch (error) {
      failures.push(`${url}: ${(error as Error).cause ?? error}`);
    } finally {
      underWay.set(url, (underWay.get(url) ?? 0) - 1);
    }
  };
  const loops = Array.from({ length: clients }, async (_, client) => {
    while (!stopped) {
      await request(client);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });
  return {
    rotation,
    drained: async (url) => {
      while ((underWay.get(url) ?? 0) > 0) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    stop: async () => {
      stopped = true;
      await Promise.all(loops);
      return { answered, failures };
    },
  };
}

function createCustomer(url: string, client: number, number: number): Promise<Response> {
  return fetch(`${url}/customers`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: `client-${client}-${number}@example.com`, name: "Ada" }),
  });
}
