CREATE TABLE things (
    id uuid PRIMARY KEY,
    name varchar(100) NOT NULL,
    state varchar(20) CHECK (state IN ('open', 'closed')),
    price numeric(12,2)
);
COMMENT ON TABLE things IS 'A thing.';
COMMENT ON COLUMN things.id IS 'The id.';
COMMENT ON COLUMN things.name IS 'The name.';
COMMENT ON COLUMN things.state IS 'The state.';
COMMENT ON COLUMN things.price IS 'The price.';
GRANT SELECT ON things TO hotgigs_company;
CREATE SCHEMA hotgigs;
CREATE VIEW hotgigs.thing_cards WITH (security_barrier) AS
SELECT id, 'x'::varchar AS title, CASE WHEN price > 1 THEN state END AS state, CASE WHEN price > 1 THEN price END AS price,
       1 AS letters
FROM things;
COMMENT ON VIEW hotgigs.thing_cards IS 'A thing as shown.';
COMMENT ON COLUMN hotgigs.thing_cards.id IS 'The id.';
COMMENT ON COLUMN hotgigs.thing_cards.title IS 'The title.';
COMMENT ON COLUMN hotgigs.thing_cards.state IS 'The state, or NULL.';
COMMENT ON COLUMN hotgigs.thing_cards.price IS 'The price, or NULL.';
COMMENT ON COLUMN hotgigs.thing_cards.letters IS 'How long the title is.';
GRANT USAGE ON SCHEMA hotgigs TO hotgigs_company;
GRANT SELECT ON hotgigs.thing_cards TO hotgigs_company;
