-- candidate_stats: how many candidates there are, by availability and education.
--
-- group: candidates · rows: one · rights: service
-- > candidates
-- > opted_in          Who recruiters find.
-- > by_availability   Object: availability and how many; not_said where it is NULL.
-- > by_education      Object: education_level in lower case and how many, likewise.
WITH counted AS (
    SELECT coalesce(p.availability, 'not_said') AS availability,
           coalesce(nullif(lower(btrim(p.education_level)), ''), 'not_said') AS education,
           count(*) AS candidates,
           count(*) FILTER (WHERE p.visibility_settings @> '{"profile_public": true}') AS opted_in
    FROM   public.candidate_profiles p
    GROUP  BY 1, 2
)
SELECT coalesce(sum(c.candidates), 0)::bigint AS candidates,
       coalesce(sum(c.opted_in), 0)::bigint AS opted_in,
       coalesce((SELECT jsonb_object_agg(a.availability, a.candidates)
                 FROM   (SELECT k.availability, sum(k.candidates) AS candidates FROM counted k GROUP BY 1) a),
                '{}') AS by_availability,
       coalesce((SELECT jsonb_object_agg(e.education, e.candidates)
                 FROM   (SELECT k.education, sum(k.candidates) AS candidates FROM counted k GROUP BY 1) e),
                '{}') AS by_education
FROM   counted c;
