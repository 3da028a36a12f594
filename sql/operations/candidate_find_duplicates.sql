-- candidate_find_duplicates: candidates who may be the one with this address, phone or name.
--
-- group: candidates · rows: many · rights: service
-- $1 email?        Whatever its case.
-- $2 phone?        Only its digits count; fewer than six are none.
-- $3 first_name?   With last_name; whatever the case.
-- $4 last_name?
-- > user_id
-- > candidate_id?   NULL: a candidate without a profile.
-- > email
-- > first_name?
-- > last_name?
-- > phone?
-- > reasons         email, phone, name: those that agree.
WITH found AS (
    SELECT u.id, 'email' AS reason FROM public.users u WHERE lower(u.email) = lower(btrim($1))
    UNION  ALL
    SELECT u.id, 'phone'
    FROM   public.users u
    WHERE  regexp_replace(u.phone, '\D', '', 'g') = regexp_replace($2, '\D', '', 'g')
    AND    length(regexp_replace($2, '\D', '', 'g')) >= 6
    UNION  ALL
    SELECT u.id, 'name'
    FROM   public.users u
    WHERE  lower(u.last_name) = lower(btrim($4))
    AND    lower(u.first_name) = lower(btrim($3))
)
SELECT u.id AS user_id, p.id AS candidate_id, u.email, u.first_name, u.last_name, u.phone, f.reasons
FROM   (SELECT id, array_agg(reason ORDER BY reason) AS reasons FROM found GROUP BY id) f
JOIN   public.users u ON u.id = f.id
LEFT   JOIN public.candidate_profiles p ON p.user_id = u.id
WHERE  u.user_type = 'candidate'
ORDER  BY cardinality(f.reasons) DESC, u.id, p.id
LIMIT  200;
