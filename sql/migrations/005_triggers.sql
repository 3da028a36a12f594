-- The trigger functions that several tables share. Those of one table stand in its file.
--
-- Needs:  schema hotgigs (002).
-- Invoker's rights: they look at OLD and NEW alone. Nobody needs EXECUTE to fire a trigger.

BEGIN;
SET LOCAL ROLE hotgigs_owner;

-- The row version of a table is its updated_at (api.md), so the time grows with each change, even
-- if the clock stands or goes back: now(), or the old time and one microsecond. It is now() and not
-- the running clock, as in the document's DEFAULT NOW(): rows changed together bear one time. What
-- a caller writes into the column is ignored, the service's UPDATE included (an INSERT keeps its
-- time, for import). A statement that changes nothing leaves the time as it is; *= compares the
-- stored bytes, so 1.0 and 1.00 differ.
--
-- An infinite time has no successor: after 'infinity' comes now().
CREATE FUNCTION hotgigs.touch_updated_at()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
BEGIN
    NEW.updated_at := OLD.updated_at;
    IF NOT NEW *= OLD THEN
        NEW.updated_at := greatest(now() AT TIME ZONE 'UTC',
                                   nullif(OLD.updated_at, 'infinity') + interval '1 microsecond');
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION hotgigs.touch_updated_at() IS
    'Trigger: updated_at grows whenever something else in the row changed.';
REVOKE ALL ON FUNCTION hotgigs.touch_updated_at() FROM PUBLIC;

COMMIT;
