import type { NoticeMessage } from "pg-protocol/dist/messages";
import { isWarning } from "../events/events";
import { bounded } from "../excerpt";
import type { StepContext } from "./context";

/** As many of a migration's notices as a person reads; of its warnings as many again. */
const most = 20;

/** Runs a step and tells what the server has to say meanwhile: RAISE NOTICE, warnings, what IF NOT EXISTS skipped. */
export async function withNotices<T>(
  { client, report }: Pick<StepContext, "client" | "report">,
  migration: string,
  body: () => Promise<T>,
): Promise<T> {
  const heard = { warnings: 0, others: 0 };
  const hear = ({ severity = "NOTICE", code = "", message = "", detail, hint }: NoticeMessage) => {
    const kind = isWarning({ severity, sqlState: code }) ? "warnings" : "others";
    heard[kind] += 1;
    if (heard[kind] <= most) {
      report({
        ...{ event: "notice", migration, severity, sqlState: code, message: bounded(message) },
        ...{ detail: detail && bounded(detail), hint: hint && bounded(hint) },
      });
    }
  };
  client.on("notice", hear);
  try {
    return await body();
  } finally {
    client.off("notice", hear);
    const left = Math.max(0, heard.warnings - most) + Math.max(0, heard.others - most);
    if (left > 0) {
      report({
        event: "warning",
        code: "more-notices",
        message: `${migration}: the server said ${left} more notices and warnings, which are not shown`,
        hint: "SET LOCAL client_min_messages = error keeps a statement from saying any.",
      });
    }
  }
}
