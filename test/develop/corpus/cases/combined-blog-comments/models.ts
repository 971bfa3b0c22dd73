import { index, integer, pgEnum, pgTable, text, timestamp } from "drizzle-orm/pg-core";

export const commentState = pgEnum("comment_state", ["waiting", "shown", "hidden"]);

export const posts = pgTable("posts", {
  id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
  title: text("title").notNull(),
  body: text("body").notNull(),
  commentCount: integer("comment_count").notNull().default(0),
});

export const comments = pgTable(
  "comments",
  {
    id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
    postId: integer("post_id")
      .notNull()
      .references(() => posts.id, { onDelete: "cascade" }),
    state: commentState("state").notNull().default("waiting"),
    body: text("body").notNull(),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index("comments_post_id_idx").on(table.postId, table.createdAt)],
);
