import { index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";

export const tags = pgTable("tags", { id: integer("id").primaryKey(), label: text("label").notNull().unique() });

export const posts = pgTable("posts", { id: integer("id").primaryKey() });

export const postsTags = pgTable(
  "posts_tags",
  {
    postId: integer("post_id").references(() => posts.id),
    tagId: integer("tag_id").references(() => tags.id),
  },
  (table) => [primaryKey({ columns: [table.postId, table.tagId] }), index("posts_tags_tag_id_idx").on(table.tagId)],
);
