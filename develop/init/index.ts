export { describePlan, describeWritten } from "./describe";
export { type InitPlan, planInit } from "./plan";
export { writeFiles } from "./write";
