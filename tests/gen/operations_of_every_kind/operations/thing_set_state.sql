-- thing_set_state: sets the state of one thing.
--
-- It may be any state: */ ends no comment.
--
-- group: things · rows: one · rights: caller
-- $1 thing_id              The thing.
-- $2 state? = things.state
-- $3 given state
-- > id
-- > state?
-- > price_twice? = numeric(13,2)   Twice the price,
--                          on a line of its own.
-- > updated_at?
-- NOT_FOUND  no such thing
UPDATE public.things
SET    state = CASE WHEN $3 THEN $2 ELSE state END
WHERE  id = $1
RETURNING id, state, price * 2 AS price_twice, updated_at;
