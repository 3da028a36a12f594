/* people.c - every identity of the matrix: who claims to be whom, through which role. */
#include "policies/policies.h"

#include <string.h>

const policy_person policy_people[] = {
    { "visitor_plain",               "visitor",           HG_ROLE_ANON,       NULL },
    { "visitor_as_ada",              "visitor",           HG_ROLE_ANON,       "ada" },
    { "visitor_malformed",           "visitor",           HG_ROLE_ANON,       "not-a-uuid" },

    { "no_id_candidate",             "nobody/candidate",  HG_ROLE_CANDIDATE,  NULL },
    { "empty_id_candidate",          "nobody/candidate",  HG_ROLE_CANDIDATE,  "" },
    { "malformed_candidate",         "nobody/candidate",  HG_ROLE_CANDIDATE,  "00000101-0000-4000-8000-c0000000000" },
    { "unknown_candidate",           "nobody/candidate",  HG_ROLE_CANDIDATE,  "99999999-0000-4000-8000-000000000001" },
    { "hal",                         "nobody/candidate",  HG_ROLE_CANDIDATE,  "hal" },
    { "acme_admin_as_candidate",     "nobody/candidate",  HG_ROLE_CANDIDATE,  "acme_admin" },
    { "acme_inactive_as_candidate",  "nobody/candidate",  HG_ROLE_CANDIDATE,  "acme_inactive" },
    { "fred_as_candidate",           "nobody/candidate",  HG_ROLE_CANDIDATE,  "fred" },

    { "no_id_company",               "nobody/company",    HG_ROLE_COMPANY,    NULL },
    { "empty_id_company",            "nobody/company",    HG_ROLE_COMPANY,    "" },
    { "malformed_company",           "nobody/company",    HG_ROLE_COMPANY,    "' OR true --" },
    { "unknown_company",             "nobody/company",    HG_ROLE_COMPANY,    "99999999-0000-4000-8000-000000000001" },
    { "acme_gone",                   "nobody/company",    HG_ROLE_COMPANY,    "acme_gone" },
    { "ada_as_company",              "nobody/company",    HG_ROLE_COMPANY,    "ada" },
    { "dan_as_company",              "nobody/company",    HG_ROLE_COMPANY,    "dan" },
    { "fred_as_company",             "nobody/company",    HG_ROLE_COMPANY,    "fred" },

    { "no_id_freelancer",            "nobody/freelancer", HG_ROLE_FREELANCER, NULL },
    { "empty_id_freelancer",         "nobody/freelancer", HG_ROLE_FREELANCER, "" },
    { "malformed_freelancer",        "nobody/freelancer", HG_ROLE_FREELANCER, "x00000101-0000-4000-8000-f00000000001" },
    { "unknown_freelancer",          "nobody/freelancer", HG_ROLE_FREELANCER, "99999999-0000-4000-8000-000000000001" },
    { "finn",                        "nobody/freelancer", HG_ROLE_FREELANCER, "finn" },
    { "acme_admin_as_freelancer",    "nobody/freelancer", HG_ROLE_FREELANCER, "acme_admin" },
    { "ada_as_freelancer",           "nobody/freelancer", HG_ROLE_FREELANCER, "ada" },

    { "ada",                         "",                  HG_ROLE_CANDIDATE,  "ada" },
    { "ben",                         "",                  HG_ROLE_CANDIDATE,  "ben" },
    { "cleo",                        "",                  HG_ROLE_CANDIDATE,  "cleo" },
    { "dan",                         "",                  HG_ROLE_CANDIDATE,  "dan" },
    { "eve",                         "",                  HG_ROLE_CANDIDATE,  "eve" },
    { "fay",                         "",                  HG_ROLE_CANDIDATE,  "fay" },
    { "gus",                         "",                  HG_ROLE_CANDIDATE,  "gus" },

    { "acme_viewer",                 "",                  HG_ROLE_COMPANY,    "acme_viewer" },
    { "acme_manager",                "",                  HG_ROLE_COMPANY,    "acme_manager" },
    { "acme_recruiter",              "",                  HG_ROLE_COMPANY,    "acme_recruiter" },
    { "acme_admin",                  "",                  HG_ROLE_COMPANY,    "acme_admin" },
    { "acme_pending",                "",                  HG_ROLE_COMPANY,    "acme_pending" },
    { "acme_inactive",               "",                  HG_ROLE_COMPANY,    "acme_inactive" },
    { "both",                        "",                  HG_ROLE_COMPANY,    "both" },
    { "beta_admin",                  "",                  HG_ROLE_COMPANY,    "beta_admin" },

    { "fred",                        "",                  HG_ROLE_FREELANCER, "fred" },
    { "fiona",                       "",                  HG_ROLE_FREELANCER, "fiona" },

    { "service",                     "",                  HG_ROLE_SERVICE,    NULL },
};
const int policy_people_count = sizeof policy_people / sizeof policy_people[0];

const policy_person *
policy_person_find(const char *name)
{
    for (int i = 0; i < policy_people_count; i++)
        if (strcmp(policy_people[i].name, name) == 0)
            return &policy_people[i];
    return NULL;
}

const char *
policy_person_id(const policy_person *person)
{
    const char *id;

    if (person->claims == NULL)
        return NULL;
    id = policy_id(person->claims);
    if (id != NULL)
        return id;
    return strspn(person->claims, "0123456789abcdef-") == 36 && person->claims[36] == '\0' ? person->claims : NULL;
}

const char *
policy_role_name(int32_t role)
{
    static const char *const role_names[] = { "hotgigs_anon", "hotgigs_candidate", "hotgigs_company",
                                              "hotgigs_freelancer", "hotgigs_service" };

    return role_names[role];
}

const char *
policy_role_word(int32_t role)
{
    return policy_role_name(role) + strlen("hotgigs_");
}

/* As PostgREST does it: the claims alone, as JSON, without the scalar setting that the library adds. */
int
policy_become(PGconn *conn, const policy_person *person)
{
    static const char sql[] =
        "SELECT set_config('role', $1, true),"
        " set_config('request.jwt.claims', CASE WHEN $2::text IS NULL THEN ''"
        " ELSE jsonb_build_object('sub', $2::text)::text END, true)";
    const char *id = person->claims == NULL ? NULL : policy_id(person->claims);
    const char *values[2] = { policy_role_name(person->role), id != NULL ? id : person->claims };
    PGresult *result = PQexecParams(conn, sql, 2, NULL, values, NULL, NULL, 0);
    int done = PQresultStatus(result) == PGRES_TUPLES_OK;

    if (!done)
        fprintf(stderr, "cannot become %s: %s", person->name, PQerrorMessage(conn));
    PQclear(result);
    return done ? 0 : -1;
}
