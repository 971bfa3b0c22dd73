DELETE FROM posts WHERE id LIKE 'welcome-%';
DROP TRIGGER IF EXISTS posts_notify ON posts;
DROP FUNCTION IF EXISTS notify_post();
