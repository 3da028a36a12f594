/* session - acting as somebody: what a company, its rival and a stranger see of one application.
 *
 * The service's login sets the scene. Then one connection of the tenants' login plays all the others:
 * hg_session_enter() says on whose behalf the next calls are made, and PostgreSQL decides by its
 * policies what they may see and do. Nothing here filters by company; the database does.
 *
 * New here: hg_session_enter with hg_identity, hg_session_leave; HG_E_NOT_FOUND for what is not
 *           visible, HG_E_DENIED for what the role may not do, loaded_mask for hidden columns.
 *
 * Run:      session SERVICE_DSN TENANT_DSN
 *           or with the variables HOTGIGS_SERVICE_DSN and HOTGIGS_TENANT_DSN.
 *
 * Prints:
 *     the company that was applied to: sees the application, recruiter_notes: strong
 *     the candidate who applied:       sees the application, recruiter_notes: hidden
 *     a rival company:                 HG_E_NOT_FOUND
 *     a visitor without a user:        HG_E_DENIED
 *     the candidate marks himself as hired: HG_E_DENIED
 */
#include <hotgigs/hotgigs.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static hg_str
str(const char *text)
{
    return (hg_str){ text, strlen(text) };
}

/* What the persona sees of the application; either outcome is what this program wants to show. */
static void
look(hg_conn *tenant, const char *who, int32_t role, hg_uuid user_id, const hg_uuid *application)
{
    hg_identity identity = { .struct_size = sizeof identity, .role = role, .user_id = user_id,
                             .ip = "192.0.2.7", .action = "example.look" };
    const hg_application *row = NULL;
    hg_status st = hg_session_enter(tenant, &identity, NULL);       /* no round trip */

    if (st == HG_OK)
        st = hg_application_get(tenant, application, &row, NULL);
    if (st != HG_OK)
        printf("%-32s %s\n", who, hg_status_name(st));
    else if (row->loaded_mask & HG_BIT(HG_APPLICATION_RECRUITER_NOTES))
        printf("%-32s sees the application, recruiter_notes: %s\n", who, row->recruiter_notes.ptr);
    else
        printf("%-32s sees the application, recruiter_notes: hidden\n", who);
    hg_application_free(row);
    hg_session_leave(tenant);
}

int
main(int argc, char **argv)
{
    const char *service_dsn = argc > 1 ? argv[1] : getenv("HOTGIGS_SERVICE_DSN");
    const char *tenant_dsn = argc > 2 ? argv[2] : getenv("HOTGIGS_TENANT_DSN");
    hg_conn *service = NULL, *tenant = NULL;
    hg_error err = { 0 };
    hg_uuid users[3], companies[2], job, profile, application;      /* the ids, made beforehand */
    char mails[3][HG_UUID_TEXT_SIZE], slugs[2][HG_UUID_TEXT_SIZE];
    hg_user user[3];
    hg_company company[2];
    hg_company_member member[2];
    hg_status st;

    hg_uuid_new(&job);
    hg_uuid_new(&profile);
    hg_uuid_new(&application);
    for (int i = 0; i < 3; i++) {                                   /* two recruiters, a candidate */
        hg_uuid_new(&users[i]);
        hg_uuid_to_text(&users[i], mails[i], sizeof mails[i], NULL);
        user[i] = (hg_user){ .struct_size = sizeof user[i], .id = users[i], .email = str(mails[i]),
                             .user_type = i < 2 ? HG_USER_USER_TYPE_COMPANY
                                                : HG_USER_USER_TYPE_CANDIDATE };
    }
    for (int i = 0; i < 2; i++) {
        hg_uuid_new(&companies[i]);
        hg_uuid_to_text(&companies[i], slugs[i], sizeof slugs[i], NULL);
        company[i] = (hg_company){ .struct_size = sizeof company[i], .id = companies[i],
                                   .name = str(i == 0 ? "Ours" : "Rival"), .slug = str(slugs[i]) };
        member[i] = (hg_company_member){ .struct_size = sizeof member[i], .company_id = companies[i],
                                         .user_id = users[i], .joined_at = 1,
                                         .role = HG_COMPANY_MEMBER_ROLE_RECRUITER };
    }
    hg_job a_job = { .struct_size = sizeof a_job, .id = job, .company_id = companies[0],
                     .title = str("Pilot"), .slug = str("pilot"), .description = str("Flies."),
                     .job_type = HG_JOB_JOB_TYPE_FULL_TIME };
    hg_candidate_profile a_profile = { .struct_size = sizeof a_profile, .id = profile,
                                       .user_id = users[2] };
    hg_application an_application = { .struct_size = sizeof an_application, .id = application,
                                      .job_id = job, .candidate_id = profile,
                                      .recruiter_notes = str("strong") };

    st = hg_conn_open(service_dsn, NULL, &service, &err);
    if (st == HG_OK)
        st = hg_conn_open(tenant_dsn, NULL, &tenant, &err);
    if (st == HG_OK)
        st = hg_tx_begin(service, NULL, &err);
    if (st == HG_OK)
        st = hg_user_insert_many(service, user, 3, sizeof user[0], HG_BIT(HG_USER_ID) |
                                 HG_BIT(HG_USER_EMAIL) | HG_BIT(HG_USER_USER_TYPE), NULL, &err);
    if (st == HG_OK)
        st = hg_company_insert_many(service, company, 2, sizeof company[0], HG_BIT(HG_COMPANY_ID) |
                                    HG_BIT(HG_COMPANY_NAME) | HG_BIT(HG_COMPANY_SLUG), NULL, &err);
    if (st == HG_OK)
        st = hg_company_member_insert_many(service, member, 2, sizeof member[0],
                                           HG_BIT(HG_COMPANY_MEMBER_COMPANY_ID) |
                                           HG_BIT(HG_COMPANY_MEMBER_USER_ID) |
                                           HG_BIT(HG_COMPANY_MEMBER_ROLE) |
                                           HG_BIT(HG_COMPANY_MEMBER_JOINED_AT), NULL, &err);
    if (st == HG_OK)
        st = hg_job_insert(service, &a_job, HG_BIT(HG_JOB_ID) | HG_BIT(HG_JOB_COMPANY_ID) |
                           HG_BIT(HG_JOB_TITLE) | HG_BIT(HG_JOB_SLUG) |
                           HG_BIT(HG_JOB_DESCRIPTION) | HG_BIT(HG_JOB_JOB_TYPE), NULL, &err);
    if (st == HG_OK)
        st = hg_candidate_profile_insert(service, &a_profile, HG_BIT(HG_CANDIDATE_PROFILE_ID) |
                                         HG_BIT(HG_CANDIDATE_PROFILE_USER_ID), NULL, &err);
    if (st == HG_OK)
        st = hg_application_insert(service, &an_application, HG_BIT(HG_APPLICATION_ID) |
                                   HG_BIT(HG_APPLICATION_JOB_ID) |
                                   HG_BIT(HG_APPLICATION_CANDIDATE_ID) |
                                   HG_BIT(HG_APPLICATION_RECRUITER_NOTES), NULL, &err);
    if (st == HG_OK)
        st = hg_tx_commit(service, &err);
    if (st != HG_OK)
        goto out;

    look(tenant, "the company that was applied to:", HG_ROLE_COMPANY, users[0], &application);
    look(tenant, "the candidate who applied:", HG_ROLE_CANDIDATE, users[2], &application);
    look(tenant, "a rival company:", HG_ROLE_COMPANY, users[1], &application);
    look(tenant, "a visitor without a user:", HG_ROLE_ANON, (hg_uuid){ { 0 } }, &application);

    hg_identity candidate = { .struct_size = sizeof candidate, .role = HG_ROLE_CANDIDATE,
                              .user_id = users[2], .action = "example.cheat" };
    hg_application hired = { .struct_size = sizeof hired, .status = HG_APPLICATION_STATUS_HIRED };
    st = hg_session_enter(tenant, &candidate, &err);
    if (st != HG_OK)
        goto out;
    printf("the candidate marks himself as hired: %s\n",
           hg_status_name(hg_application_update(tenant, &application, &hired,
                                                HG_BIT(HG_APPLICATION_STATUS), NULL, NULL)));
out:
    if (st != HG_OK)
        fprintf(stderr, "session: %s: %s\n", hg_status_name(st), err.message);
    for (int i = 0; service != NULL && i < 2; i++)
        hg_company_delete(service, &companies[i], NULL);            /* and its job, and so on */
    for (int i = 0; service != NULL && i < 3; i++)
        hg_user_delete(service, &users[i], NULL);
    hg_conn_close(tenant);
    hg_conn_close(service);
    return st == HG_OK ? 0 : 1;
}
