-- candidate_get_full: a candidate's profile with history and documents, as far as the caller may see it.
--
-- Salary and contact as visibility_settings allow; documents as their own rules do. One statement, so one snapshot.
--
-- group: candidates · rows: one · rights: caller · by: candidate, company, freelancer
-- $1 candidate_id
-- > id
-- > user_id?
-- > first_name?
-- > last_name?
-- > profile_image_url?
-- > headline?
-- > summary?
-- > current_title?
-- > current_company?
-- > experience_years?
-- > education_level?
-- > availability? = candidate_profiles.availability
-- > desired_salary_min?        NULL: open, or not shown; so in the next two.
-- > desired_salary_max?
-- > desired_salary_currency?
-- > desired_job_types?
-- > desired_locations?
-- > remote_preference?
-- > skills?
-- > languages?
-- > portfolio_url?
-- > resume_url?
-- > email?                     NULL: not shown; so in the next.
-- > phone?
-- > profile?      Object: bio, location, timezone, links of user_profiles; NULL: not shown.
-- > experiences   Array of the rows, as experience_list orders them.
-- > education     Array of the rows, as education_list orders them.
-- > documents     Array of id, document_type, file_name, file_url, file_size, mime_type, created_at, newest first.
-- > updated_at?
-- NOT_FOUND  no such candidate, or not visible to the caller
SELECT c.id, c.user_id, c.first_name, c.last_name, c.profile_image_url, c.headline, c.summary, c.current_title,
       c.current_company, c.experience_years, c.education_level, c.availability, c.desired_salary_min,
       c.desired_salary_max, c.desired_salary_currency, c.desired_job_types, c.desired_locations, c.remote_preference,
       c.skills, c.languages, c.portfolio_url, c.resume_url, c.email, c.phone,
       (SELECT jsonb_build_object('bio', u.bio, 'location', u.location, 'timezone', u.timezone,
                                  'linkedin_url', u.linkedin_url, 'github_url', u.github_url,
                                  'website_url', u.website_url)
        FROM   public.user_profiles u
        WHERE  u.user_id = c.user_id
        ORDER  BY u.created_at NULLS LAST, u.id
        LIMIT  1) AS profile,
       coalesce((SELECT jsonb_agg(jsonb_build_object('id', e.id, 'company_name', e.company_name,
                                                     'job_title', e.job_title, 'description', e.description,
                                                     'start_date', e.start_date, 'end_date', e.end_date,
                                                     'is_current', e.is_current, 'location', e.location,
                                                     'achievements', e.achievements, 'skills_used', e.skills_used)
                                  ORDER BY e.is_current DESC NULLS LAST, e.start_date DESC,
                                           e.end_date DESC NULLS FIRST, e.id)
                 FROM   public.candidate_experiences e
                 WHERE  e.candidate_id = c.id), '[]') AS experiences,
       coalesce((SELECT jsonb_agg(jsonb_build_object('id', e.id, 'institution_name', e.institution_name,
                                                     'degree', e.degree, 'field_of_study', e.field_of_study,
                                                     'start_date', e.start_date, 'end_date', e.end_date,
                                                     'gpa', e.gpa::text, 'description', e.description,
                                                     'achievements', e.achievements)
                                  ORDER BY e.start_date DESC NULLS LAST, e.end_date DESC NULLS FIRST, e.id)
                 FROM   public.candidate_education e
                 WHERE  e.candidate_id = c.id), '[]') AS education,
       coalesce((SELECT jsonb_agg(jsonb_build_object('id', d.id, 'document_type', d.document_type,
                                                     'file_name', d.file_name, 'file_url', d.file_url,
                                                     'file_size', d.file_size, 'mime_type', d.mime_type,
                                                     'created_at', d.created_at)
                                  ORDER BY d.created_at DESC NULLS LAST, d.id)
                 FROM   public.documents d
                 WHERE  d.user_id = c.user_id), '[]') AS documents,
       c.updated_at
FROM   hotgigs.candidate_cards c
WHERE  c.id = $1;
