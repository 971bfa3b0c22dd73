-- migrate:up transaction:false
CREATE TABLE metrics.alerts (level text NOT NULL, at timestamptz NOT NULL DEFAULT now()) PARTITION BY LIST (level);
CREATE TABLE metrics.alerts_high PARTITION OF metrics.alerts FOR VALUES IN ('high', 'highest');
CREATE TABLE metrics.alerts_low PARTITION OF metrics.alerts FOR VALUES IN ('low', NULL);
INSERT INTO metrics.alerts (level) VALUES ('low'), ('highest');
ALTER TABLE metrics.alerts DETACH PARTITION metrics.alerts_low CONCURRENTLY;

-- migrate:down
DROP TABLE metrics.alerts_low, metrics.alerts;
