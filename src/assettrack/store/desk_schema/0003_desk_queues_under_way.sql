-- A queue counts its changes, so that a scan is only kept if it was understood on the queue as it is.
-- While it is being committed it knows since when, which scans are the batch (those numbered below), and in what context.
ALTER TABLE desk_queues ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE desk_queues ADD COLUMN committing_at TEXT;
ALTER TABLE desk_queues ADD COLUMN committing_below INTEGER;
ALTER TABLE desk_queues ADD COLUMN committing_context TEXT;
