-- job_list_company: the jobs of one's company, whatever their state, with their applications by status, newest first.
--
-- group: jobs · rows: many · rights: caller · by: company
-- $1 company_id
-- $2 employment_statuses?   NULL: all.
-- $3 posted_by?
-- $4 text?                  A part of the title, whatever its case.
-- $5 after_created_at?      Of the last row of the page before, with after_id.
-- $6 after_id?
-- $7 at_most                1 to 200; another number gives no rows.
-- > id
-- > title
-- > slug
-- > location?
-- > job_type
-- > employment_status?
-- > is_public?
-- > is_featured?
-- > posted_by?
-- > application_deadline?
-- > view_count?
-- > application_count?
-- > by_status   Object: how many applications in each status that has any.
-- > created_at  -infinity where the job has none, so that a page may begin behind it.
-- > total       Jobs under the same filters.
WITH matching AS (
    SELECT j.id, j.title, j.slug, j.location, j.job_type, j.employment_status, j.is_public, j.is_featured, j.posted_by,
           j.application_deadline, j.view_count, j.application_count,
           coalesce(j.created_at, '-infinity') AS created_at, count(*) OVER () AS total
    FROM   public.jobs j
    WHERE  j.company_id = $1
    AND    j.company_id = ANY (ARRAY(SELECT hotgigs.my_companies()))
    AND    ($2::text[] IS NULL OR j.employment_status = ANY ($2))
    AND    ($3::uuid IS NULL OR j.posted_by = $3)
    AND    ($4::text IS NULL
            OR j.title ILIKE '%' || replace(replace(replace($4, '\', '\\'), '%', '\%'), '_', '\_') || '%')
), page AS (
    SELECT m.*
    FROM   matching m
    WHERE  $5::timestamp IS NULL OR (m.created_at, m.id) < ($5, $6::uuid)
    ORDER  BY m.created_at DESC, m.id DESC
    LIMIT  CASE WHEN $7::integer BETWEEN 1 AND 200 THEN $7 ELSE 0 END
)
SELECT p.id, p.title, p.slug, p.location, p.job_type, p.employment_status, p.is_public, p.is_featured, p.posted_by,
       p.application_deadline, p.view_count, p.application_count,
       coalesce((SELECT jsonb_object_agg(a.status, a.applications)
                 FROM   (SELECT coalesce(a.status, 'applied') AS status, count(*) AS applications
                         FROM   public.applications a
                         WHERE  a.job_id = p.id
                         GROUP  BY 1) a), '{}') AS by_status,
       p.created_at, p.total
FROM   page p
ORDER  BY p.created_at DESC, p.id DESC;
