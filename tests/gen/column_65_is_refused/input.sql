CREATE TABLE things (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    c2 integer,
    c3 integer,
    c4 integer,
    c5 integer,
    c6 integer,
    c7 integer,
    c8 integer,
    c9 integer,
    c10 integer,
    c11 integer,
    c12 integer,
    c13 integer,
    c14 integer,
    c15 integer,
    c16 integer,
    c17 integer,
    c18 integer,
    c19 integer,
    c20 integer,
    c21 integer,
    c22 integer,
    c23 integer,
    c24 integer,
    c25 integer,
    c26 integer,
    c27 integer,
    c28 integer,
    c29 integer,
    c30 integer,
    c31 integer,
    c32 integer,
    c33 integer,
    c34 integer,
    c35 integer,
    c36 integer,
    c37 integer,
    c38 integer,
    c39 integer,
    c40 integer,
    c41 integer,
    c42 integer,
    c43 integer,
    c44 integer,
    c45 integer,
    c46 integer,
    c47 integer,
    c48 integer,
    c49 integer,
    c50 integer,
    c51 integer,
    c52 integer,
    c53 integer,
    c54 integer,
    c55 integer,
    c56 integer,
    c57 integer,
    c58 integer,
    c59 integer,
    c60 integer,
    c61 integer,
    c62 integer,
    c63 integer,
    c64 integer,
    c65 integer
);
COMMENT ON TABLE things IS 'A thing.';
COMMENT ON COLUMN things.id IS 'The id.';
COMMENT ON COLUMN things.c2 IS 'The c2.';
COMMENT ON COLUMN things.c3 IS 'The c3.';
COMMENT ON COLUMN things.c4 IS 'The c4.';
COMMENT ON COLUMN things.c5 IS 'The c5.';
COMMENT ON COLUMN things.c6 IS 'The c6.';
COMMENT ON COLUMN things.c7 IS 'The c7.';
COMMENT ON COLUMN things.c8 IS 'The c8.';
COMMENT ON COLUMN things.c9 IS 'The c9.';
COMMENT ON COLUMN things.c10 IS 'The c10.';
COMMENT ON COLUMN things.c11 IS 'The c11.';
COMMENT ON COLUMN things.c12 IS 'The c12.';
COMMENT ON COLUMN things.c13 IS 'The c13.';
COMMENT ON COLUMN things.c14 IS 'The c14.';
COMMENT ON COLUMN things.c15 IS 'The c15.';
COMMENT ON COLUMN things.c16 IS 'The c16.';
COMMENT ON COLUMN things.c17 IS 'The c17.';
COMMENT ON COLUMN things.c18 IS 'The c18.';
COMMENT ON COLUMN things.c19 IS 'The c19.';
COMMENT ON COLUMN things.c20 IS 'The c20.';
COMMENT ON COLUMN things.c21 IS 'The c21.';
COMMENT ON COLUMN things.c22 IS 'The c22.';
COMMENT ON COLUMN things.c23 IS 'The c23.';
COMMENT ON COLUMN things.c24 IS 'The c24.';
COMMENT ON COLUMN things.c25 IS 'The c25.';
COMMENT ON COLUMN things.c26 IS 'The c26.';
COMMENT ON COLUMN things.c27 IS 'The c27.';
COMMENT ON COLUMN things.c28 IS 'The c28.';
COMMENT ON COLUMN things.c29 IS 'The c29.';
COMMENT ON COLUMN things.c30 IS 'The c30.';
COMMENT ON COLUMN things.c31 IS 'The c31.';
COMMENT ON COLUMN things.c32 IS 'The c32.';
COMMENT ON COLUMN things.c33 IS 'The c33.';
COMMENT ON COLUMN things.c34 IS 'The c34.';
COMMENT ON COLUMN things.c35 IS 'The c35.';
COMMENT ON COLUMN things.c36 IS 'The c36.';
COMMENT ON COLUMN things.c37 IS 'The c37.';
COMMENT ON COLUMN things.c38 IS 'The c38.';
COMMENT ON COLUMN things.c39 IS 'The c39.';
COMMENT ON COLUMN things.c40 IS 'The c40.';
COMMENT ON COLUMN things.c41 IS 'The c41.';
COMMENT ON COLUMN things.c42 IS 'The c42.';
COMMENT ON COLUMN things.c43 IS 'The c43.';
COMMENT ON COLUMN things.c44 IS 'The c44.';
COMMENT ON COLUMN things.c45 IS 'The c45.';
COMMENT ON COLUMN things.c46 IS 'The c46.';
COMMENT ON COLUMN things.c47 IS 'The c47.';
COMMENT ON COLUMN things.c48 IS 'The c48.';
COMMENT ON COLUMN things.c49 IS 'The c49.';
COMMENT ON COLUMN things.c50 IS 'The c50.';
COMMENT ON COLUMN things.c51 IS 'The c51.';
COMMENT ON COLUMN things.c52 IS 'The c52.';
COMMENT ON COLUMN things.c53 IS 'The c53.';
COMMENT ON COLUMN things.c54 IS 'The c54.';
COMMENT ON COLUMN things.c55 IS 'The c55.';
COMMENT ON COLUMN things.c56 IS 'The c56.';
COMMENT ON COLUMN things.c57 IS 'The c57.';
COMMENT ON COLUMN things.c58 IS 'The c58.';
COMMENT ON COLUMN things.c59 IS 'The c59.';
COMMENT ON COLUMN things.c60 IS 'The c60.';
COMMENT ON COLUMN things.c61 IS 'The c61.';
COMMENT ON COLUMN things.c62 IS 'The c62.';
COMMENT ON COLUMN things.c63 IS 'The c63.';
COMMENT ON COLUMN things.c64 IS 'The c64.';
COMMENT ON COLUMN things.c65 IS 'The c65.';
