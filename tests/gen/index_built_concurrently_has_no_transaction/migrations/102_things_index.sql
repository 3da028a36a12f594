-- For lists by number: "CREATE INDEX CONCURRENTLY" cannot run in a transaction.
CREATE UNIQUE INDEX CONCURRENTLY
    things_idx ON things (id);
