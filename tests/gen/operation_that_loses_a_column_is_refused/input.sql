CREATE TABLE things (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name varchar(50) NOT NULL,
    state varchar(20) DEFAULT 'open' CHECK (state IN ('open', 'in_work', 'closed')),
    price numeric(12,2),
    number integer,
    updated_at timestamp DEFAULT now()
);
COMMENT ON TABLE things IS 'A thing.';
COMMENT ON COLUMN things.id IS 'The id.';
COMMENT ON COLUMN things.name IS 'The name.';
COMMENT ON COLUMN things.state IS 'The state.';
COMMENT ON COLUMN things.price IS 'The price.';
COMMENT ON COLUMN things.number IS 'The number.';
COMMENT ON COLUMN things.updated_at IS 'The updated at.';
GRANT USAGE ON SCHEMA public TO hotgigs_anon, hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;
GRANT SELECT (id, name, state, price, number, updated_at), UPDATE (state) ON things TO hotgigs_company;
GRANT SELECT, UPDATE ON things TO hotgigs_service;
CREATE FUNCTION public.step(thing uuid) RETURNS TABLE (id uuid, state text) LANGUAGE sql VOLATILE SECURITY DEFINER
    SET search_path = '' AS 'SELECT t.id, t.state::text FROM public.things t WHERE t.id = thing';
REVOKE ALL ON FUNCTION public.step(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.step(uuid) TO hotgigs_company;
