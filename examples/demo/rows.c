/* rows.c - a function for each kind of row that the day writes, and nothing else.
 *
 * All of them take the id from new_row(), which notes it in the ledger, and give the outcome to
 * wrote(). Times are those of the story, so created_at and the like are set. */
#include "day.h"

/* ---- Single rows ------------------------------------------------------------------------------------ */

hg_uuid
add_user(day *d, const char *first, const char *last, const char *email, int32_t type)
{
    hg_user row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_USERS), .email = str(email),
                    .first_name = str(first), .last_name = str(last), .user_type = type,
                    .is_verified = 1 };

    if (d->st == HG_OK)
        wrote(d, HG_TABLE_USERS,
              hg_user_insert(d->service, &row, HG_BIT(HG_USER_ID) | HG_BIT(HG_USER_EMAIL) |
                             HG_BIT(HG_USER_FIRST_NAME) | HG_BIT(HG_USER_LAST_NAME) |
                             HG_BIT(HG_USER_USER_TYPE) | HG_BIT(HG_USER_IS_VERIFIED), NULL, &d->err));
    return row.id;
}

void
add_member(day *d, hg_uuid company, hg_uuid user, int32_t role)
{
    hg_company_member row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_COMPANY_MEMBERS),
                              .company_id = company, .user_id = user, .role = role,
                              .joined_at = d->now };

    if (d->st == HG_OK)
        wrote(d, HG_TABLE_COMPANY_MEMBERS,
              hg_company_member_insert(d->service, &row, HG_BIT(HG_COMPANY_MEMBER_ID) |
                                       HG_BIT(HG_COMPANY_MEMBER_COMPANY_ID) |
                                       HG_BIT(HG_COMPANY_MEMBER_USER_ID) |
                                       HG_BIT(HG_COMPANY_MEMBER_ROLE) |
                                       HG_BIT(HG_COMPANY_MEMBER_JOINED_AT), NULL, &d->err));
}

void
notify(day *d, hg_uuid user, const char *type, const char *title, const char *message)
{
    hg_notification row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_NOTIFICATIONS),
                            .user_id = user, .notification_type = str(type), .title = str(title),
                            .message = str(message), .created_at = d->now };

    if (d->st == HG_OK)
        wrote(d, HG_TABLE_NOTIFICATIONS,
              hg_notification_insert(d->service, &row, HG_BIT(HG_NOTIFICATION_ID) |
                                     HG_BIT(HG_NOTIFICATION_USER_ID) |
                                     HG_BIT(HG_NOTIFICATION_NOTIFICATION_TYPE) |
                                     HG_BIT(HG_NOTIFICATION_TITLE) |
                                     HG_BIT(HG_NOTIFICATION_MESSAGE) |
                                     HG_BIT(HG_NOTIFICATION_CREATED_AT), NULL, &d->err));
}

void
mail(day *d, hg_uuid user, const char *type, const char *to, const char *subject)
{
    hg_email_log row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_EMAIL_LOGS),
                         .user_id = user, .email_type = str(type), .recipient_email = str(to),
                         .subject = str(subject), .status = HG_EMAIL_LOG_STATUS_SENT,
                         .sent_at = d->now };

    if (d->st == HG_OK)
        wrote(d, HG_TABLE_EMAIL_LOGS,
              hg_email_log_insert(d->service, &row, HG_BIT(HG_EMAIL_LOG_ID) |
                                  HG_BIT(HG_EMAIL_LOG_USER_ID) | HG_BIT(HG_EMAIL_LOG_EMAIL_TYPE) |
                                  HG_BIT(HG_EMAIL_LOG_RECIPIENT_EMAIL) |
                                  HG_BIT(HG_EMAIL_LOG_SUBJECT) | HG_BIT(HG_EMAIL_LOG_STATUS) |
                                  HG_BIT(HG_EMAIL_LOG_SENT_AT), NULL, &d->err));
}

void
audit(day *d, hg_uuid actor, const char *action, const char *type, hg_uuid resource,
      const char *new_values)
{
    hg_audit_log row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_AUDIT_LOGS),
                         .user_id = actor, .action = str(action), .resource_type = str(type),
                         .resource_id = resource, .new_values = str(new_values),
                         .user_agent = str("hotgigs-demo"), .created_at = d->now };

    hg_inet_parse("192.0.2.20", 10, &row.ip_address, NULL);
    if (d->st == HG_OK)
        wrote(d, HG_TABLE_AUDIT_LOGS,
              hg_audit_log_insert(d->service, &row, HG_BIT(HG_AUDIT_LOG_ID) |
                                  HG_BIT(HG_AUDIT_LOG_USER_ID) | HG_BIT(HG_AUDIT_LOG_ACTION) |
                                  HG_BIT(HG_AUDIT_LOG_RESOURCE_TYPE) |
                                  HG_BIT(HG_AUDIT_LOG_RESOURCE_ID) |
                                  HG_BIT(HG_AUDIT_LOG_NEW_VALUES) |
                                  HG_BIT(HG_AUDIT_LOG_IP_ADDRESS) |
                                  HG_BIT(HG_AUDIT_LOG_USER_AGENT) |
                                  HG_BIT(HG_AUDIT_LOG_CREATED_AT), NULL, &d->err));
}

/* By whomever conn acts for: nobody may read events, so nothing is read back. */
void
track(day *d, hg_conn *conn, const hg_uuid *user, const char *type, const char *session)
{
    hg_analytics_event row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_ANALYTICS_EVENTS),
                               .event_type = str(type), .session_id = str(session) };
    uint64_t set = HG_BIT(HG_ANALYTICS_EVENT_ID) | HG_BIT(HG_ANALYTICS_EVENT_EVENT_TYPE) |
                   HG_BIT(HG_ANALYTICS_EVENT_SESSION_ID);

    if (user != NULL) {
        row.user_id = *user;
        set |= HG_BIT(HG_ANALYTICS_EVENT_USER_ID);
    }
    if (d->st == HG_OK)
        wrote(d, HG_TABLE_ANALYTICS_EVENTS, hg_analytics_event_insert(conn, &row, set, NULL, &d->err));
}

void
measure(day *d, const char *name, int64_t value, const char *unit)
{
    hg_system_metric row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_SYSTEM_METRICS),
                             .metric_name = str(name), .metric_value = { .unscaled = value },
                             .metric_unit = str(unit), .recorded_at = d->now };

    if (d->st == HG_OK)
        wrote(d, HG_TABLE_SYSTEM_METRICS,
              hg_system_metric_insert(d->service, &row, HG_BIT(HG_SYSTEM_METRIC_ID) |
                                      HG_BIT(HG_SYSTEM_METRIC_METRIC_NAME) |
                                      HG_BIT(HG_SYSTEM_METRIC_METRIC_VALUE) |
                                      HG_BIT(HG_SYSTEM_METRIC_METRIC_UNIT) |
                                      HG_BIT(HG_SYSTEM_METRIC_RECORDED_AT), NULL, &d->err));
}
