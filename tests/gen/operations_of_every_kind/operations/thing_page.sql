-- thing_page: things by name.
--
-- group: things
-- rows: many
-- rights: caller
-- by: company, service
-- row: things
-- $1 ids?   These alone.
SELECT id, name, price FROM public.things WHERE $1::uuid[] IS NULL OR id = ANY ($1) ORDER BY name, id
